import {
  DecideInput,
  decideDeadLetters,
  previewDeadLetters,
  RefusedInput,
  refusedMessages,
} from "~/server/services/dead-letters";
import { listProcedure, protectedProcedure, router, writeProcedure } from "../init";

export const deadLettersRouter = router({
  preview: protectedProcedure
    .meta({ takesLong: true })
    .input(DecideInput)
    .query(({ ctx, input }) => previewDeadLetters({ ctx: ctx.call, input })),
  decide: writeProcedure
    .meta({ takesLong: true })
    .input(DecideInput)
    .mutation(({ ctx, input }) => decideDeadLetters({ ctx: ctx.call, input })),
  refused: listProcedure.input(RefusedInput).query(({ ctx, input }) => refusedMessages({ ctx: ctx.call, input })),
});
