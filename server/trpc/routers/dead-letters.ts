import {
  DecideInput,
  decideDeadLetters,
  previewDeadLetters,
  RefusedInput,
  refusedMessages,
} from "~/server/services/dead-letters";
import { listProcedure, procedure, router } from "../init";

export const deadLettersRouter = router({
  preview: procedure("executions:read")
    .meta({ takesLong: true })
    .input(DecideInput)
    .query(({ ctx, input }) => previewDeadLetters({ ctx: ctx.call, input })),
  decide: procedure("dead_letters:decide")
    .meta({ takesLong: true })
    .input(DecideInput)
    .mutation(({ ctx, input }) => decideDeadLetters({ ctx: ctx.call, input })),
  refused: listProcedure("executions:read", { noScope: true })
    .input(RefusedInput)
    .query(({ ctx, input }) => refusedMessages({ ctx: ctx.call, input })),
});
