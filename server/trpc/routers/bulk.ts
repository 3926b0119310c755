import {
  abortBulk,
  BulkJobId,
  getBulk,
  listBulk,
  previewBulk,
  StartBulkInput,
  startBulk,
  undoBulk,
} from "~/server/services/bulk";
import { protectedProcedure, router, writeProcedure } from "../init";

export const bulkRouter = router({
  preview: protectedProcedure
    .meta({ takesLong: true })
    .input(StartBulkInput)
    .query(({ ctx, input }) => previewBulk({ ctx: ctx.call, input })),
  start: writeProcedure
    .meta({ takesLong: true })
    .input(StartBulkInput)
    .mutation(({ ctx, input }) => startBulk({ ctx: ctx.call, input })),
  get: protectedProcedure.input(BulkJobId).query(({ ctx, input }) => getBulk({ ctx: ctx.call, input })),
  list: protectedProcedure.query(({ ctx }) => listBulk({ ctx: ctx.call })),
  abort: writeProcedure.input(BulkJobId).mutation(({ ctx, input }) => abortBulk({ ctx: ctx.call, input })),
  undo: writeProcedure.input(BulkJobId).mutation(({ ctx, input }) => undoBulk({ ctx: ctx.call, input })),
});
