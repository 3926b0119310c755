import {
  AnalyticsInput,
  analyticsPerformance,
  analyticsSummary,
  analyticsTotals,
  analyticsWeek,
  PerformanceInput,
  topFailures,
  WeekInput,
} from "~/server/services/analytics";
import { listProcedure, router } from "../init";

export const analyticsRouter = router({
  summary: listProcedure("executions:read")
    .input(AnalyticsInput)
    .query(({ ctx, input }) => analyticsSummary({ ctx: ctx.call, input })),
  totals: listProcedure("executions:read")
    .input(AnalyticsInput)
    .query(({ ctx, input }) => analyticsTotals({ ctx: ctx.call, input })),
  topFailures: listProcedure("executions:read")
    .input(AnalyticsInput)
    .query(({ ctx, input }) => topFailures({ ctx: ctx.call, input })),
  performance: listProcedure("executions:read")
    .input(PerformanceInput)
    .query(({ ctx, input }) => analyticsPerformance({ ctx: ctx.call, input })),
  week: listProcedure("executions:read")
    .input(WeekInput)
    .query(({ ctx, input }) => analyticsWeek({ ctx: ctx.call, input })),
});
