import {
  ExecutionHistogramInput,
  ExecutionId,
  executionHistogram,
  getExecution,
  ListExecutionsInput,
  listExecutions,
  ReplayInput,
  replayExecution,
} from "~/server/services/executions";
import { listProcedure, protectedProcedure, router, writeProcedure } from "../init";

export const executionsRouter = router({
  list: listProcedure.input(ListExecutionsInput).query(({ ctx, input }) => listExecutions({ ctx: ctx.call, input })),
  get: protectedProcedure.input(ExecutionId).query(({ ctx, input }) => getExecution({ ctx: ctx.call, input })),
  histogram: listProcedure
    .input(ExecutionHistogramInput)
    .query(({ ctx, input }) => executionHistogram({ ctx: ctx.call, input })),
  replay: writeProcedure.input(ReplayInput).mutation(({ ctx, input }) => replayExecution({ ctx: ctx.call, input })),
});
