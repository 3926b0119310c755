import {
  ExecutionFilter,
  ExecutionHistogramInput,
  ExecutionIds,
  executionFacets,
  executionHistogram,
  FailureGroupsInput,
  failureGroups,
  GetExecutionInput,
  getExecution,
  ListExecutionsInput,
  ListInFlightInput,
  listExecutions,
  listInFlight,
  namesOfExecutions,
  ReplayInput,
  replayExecution,
} from "~/server/services/executions";
import { listProcedure, procedure, router } from "../init";

export const executionsRouter = router({
  list: listProcedure("executions:read")
    .input(ListExecutionsInput)
    .query(({ ctx, input }) => listExecutions({ ctx: ctx.call, input })),
  facets: listProcedure("executions:read")
    .input(ExecutionFilter)
    .query(({ ctx, input }) => executionFacets({ ctx: ctx.call, input })),
  failures: listProcedure("executions:read")
    .input(FailureGroupsInput)
    .query(({ ctx, input }) => failureGroups({ ctx: ctx.call, input })),
  inFlight: listProcedure("executions:read")
    .input(ListInFlightInput)
    .query(({ ctx, input }) => listInFlight({ ctx: ctx.call, input })),
  get: procedure("executions:read")
    .input(GetExecutionInput)
    .query(({ ctx, input }) => getExecution({ ctx: ctx.call, input })),
  names: procedure("executions:read")
    .input(ExecutionIds)
    .query(({ ctx, input }) => namesOfExecutions({ ctx: ctx.call, input })),
  histogram: listProcedure("executions:read")
    .input(ExecutionHistogramInput)
    .query(({ ctx, input }) => executionHistogram({ ctx: ctx.call, input })),
  replay: procedure("executions:replay")
    .input(ReplayInput)
    .mutation(({ ctx, input }) => replayExecution({ ctx: ctx.call, input })),
});
