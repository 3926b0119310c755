import {
  DecideQuarantinedInput,
  decideQuarantined,
  GetQuarantinedInput,
  getQuarantined,
  ListQuarantineInput,
  listQuarantine,
} from "~/server/services/quarantine";
import { listProcedure, procedure, router } from "../init";

export const quarantineRouter = router({
  list: listProcedure("executions:read")
    .input(ListQuarantineInput)
    .query(({ ctx, input }) => listQuarantine({ ctx: ctx.call, input })),
  get: procedure("executions:read")
    .input(GetQuarantinedInput)
    .query(({ ctx, input }) => getQuarantined({ ctx: ctx.call, input })),
  decide: procedure("dead_letters:decide")
    .input(DecideQuarantinedInput)
    .mutation(({ ctx, input }) => decideQuarantined({ ctx: ctx.call, input })),
});
