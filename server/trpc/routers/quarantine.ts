import {
  DecideQuarantinedInput,
  decideQuarantined,
  GetQuarantinedInput,
  getQuarantined,
  ListQuarantineInput,
  listQuarantine,
} from "~/server/services/quarantine";
import { listProcedure, protectedProcedure, router, writeProcedure } from "../init";

export const quarantineRouter = router({
  list: listProcedure.input(ListQuarantineInput).query(({ ctx, input }) => listQuarantine({ ctx: ctx.call, input })),
  get: protectedProcedure
    .input(GetQuarantinedInput)
    .query(({ ctx, input }) => getQuarantined({ ctx: ctx.call, input })),
  decide: writeProcedure
    .input(DecideQuarantinedInput)
    .mutation(({ ctx, input }) => decideQuarantined({ ctx: ctx.call, input })),
});
