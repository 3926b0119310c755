import { AnalyticsInput, analyticsPerformance, analyticsSummary } from "~/server/services/analytics";
import { protectedProcedure, router } from "../init";

export const analyticsRouter = router({
  summary: protectedProcedure
    .input(AnalyticsInput)
    .query(({ ctx, input }) => analyticsSummary({ ctx: ctx.call, input })),
  performance: protectedProcedure
    .input(AnalyticsInput)
    .query(({ ctx, input }) => analyticsPerformance({ ctx: ctx.call, input })),
});
