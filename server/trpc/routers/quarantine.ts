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
  list: listProcedure("executions:read", { noScope: true })
    .input(ListQuarantineInput)
    .query(({ ctx, input }) => listQuarantine({ ctx: ctx.call, input })),
  get: procedure("executions:read", { noScope: true })
    .input(GetQuarantinedInput)
    .query(({ ctx, input }) => getQuarantined({ ctx: ctx.call, input })),
  decide: procedure("dead_letters:decide", { noScope: true })
    .input(DecideQuarantinedInput)
    .mutation(({ ctx, input }) => decideQuarantined({ ctx: ctx.call, input })),
});
