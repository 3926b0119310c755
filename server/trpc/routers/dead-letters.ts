import {
  DecideInput,
  decideDeadLetters,
  previewDeadLetters,
  RefusedInput,
  refusedMessages,
} from "~/server/services/dead-letters";
import { protectedProcedure, router, writeProcedure } from "../init";

export const deadLettersRouter = router({
  preview: protectedProcedure
    .meta({ takesLong: true })
    .input(DecideInput)
    .query(({ ctx, input }) => previewDeadLetters({ ctx: ctx.call, input })),
  decide: writeProcedure
    .meta({ takesLong: true })
    .input(DecideInput)
    .mutation(({ ctx, input }) => decideDeadLetters({ ctx: ctx.call, input })),
  refused: protectedProcedure.input(RefusedInput).query(({ ctx, input }) => refusedMessages({ ctx: ctx.call, input })),
});
