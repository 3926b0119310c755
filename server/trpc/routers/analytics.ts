import { AnalyticsInput, analyticsPerformance, analyticsSummary } from "~/server/services/analytics";
import { listProcedure, router } from "../init";

export const analyticsRouter = router({
  summary: listProcedure.input(AnalyticsInput).query(({ ctx, input }) => analyticsSummary({ ctx: ctx.call, input })),
  performance: listProcedure
    .input(AnalyticsInput)
    .query(({ ctx, input }) => analyticsPerformance({ ctx: ctx.call, input })),
});
