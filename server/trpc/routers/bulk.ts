import { ONE_OF_JOB_RIGHTS, ONE_OF_SCHEDULE_JOB_RIGHTS } from "~/server/domain/job-rights";
import {
  abortBulk,
  BulkItemsInput,
  BulkJobId,
  getBulk,
  listBulk,
  listBulkItems,
  previewBulk,
  previewUndo,
  StartBulkInput,
  startBulk,
  UndoBulkInput,
  undoBulk,
} from "~/server/services/bulk";
import { procedure, router } from "../init";

export const bulkRouter = router({
  preview: procedure("schedules:read")
    .meta({ takesLong: true })
    .input(StartBulkInput)
    .query(({ ctx, input }) => previewBulk({ ctx: ctx.call, input })),
  start: procedure(ONE_OF_SCHEDULE_JOB_RIGHTS)
    .meta({ takesLong: true })
    .input(StartBulkInput)
    .mutation(({ ctx, input }) => startBulk({ ctx: ctx.call, input })),
  get: procedure("schedules:read")
    .input(BulkJobId)
    .query(({ ctx, input }) => getBulk({ ctx: ctx.call, input })),
  list: procedure("schedules:read").query(({ ctx }) => listBulk({ ctx: ctx.call })),
  items: procedure("schedules:read")
    .input(BulkItemsInput)
    .query(({ ctx, input }) => listBulkItems({ ctx: ctx.call, input })),
  undoPreview: procedure("schedules:read")
    .input(BulkJobId)
    .query(({ ctx, input }) => previewUndo({ ctx: ctx.call, input })),
  abort: procedure(ONE_OF_JOB_RIGHTS)
    .input(BulkJobId)
    .mutation(({ ctx, input }) => abortBulk({ ctx: ctx.call, input })),
  undo: procedure(ONE_OF_SCHEDULE_JOB_RIGHTS)
    .input(UndoBulkInput)
    .mutation(({ ctx, input }) => undoBulk({ ctx: ctx.call, input })),
});
