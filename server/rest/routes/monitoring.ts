import { z } from "zod";
import { AnalyticsInput, analyticsPerformance, analyticsSummary, PerformanceInput } from "~/server/services/analytics";
import { getDiagnosis } from "~/server/services/diagnosis";
import {
  CleanupInput,
  getStats,
  listBreakers,
  promoteNow,
  ResetBreakerInput,
  renderMetrics,
  resetBreaker,
  runCleanup,
} from "~/server/services/monitoring";
import { getTimeZones, TimeZonesInput } from "~/server/services/zones";
import { methods, NoInput, restRoute } from "../handler";

/** `/api/v1/schedules/monitoring/stats` */
export const stats = methods({
  GET: restRoute({
    right: "executions:read",
    input: NoInput,
    run: async ({ ctx }) => ({ body: await getStats({ ctx }) }),
  }),
});

/** `/api/v1/schedules/monitoring/reach`. Each visible page calls it again 2 s after an answer. */
export const reach = methods({
  GET: restRoute({
    right: "executions:read",
    input: NoInput,
    run: async ({ ctx }) => ({ body: await ctx.deps.reach.check() }),
  }),
});

/** `/api/v1/schedules/monitoring/analytics/summary` */
export const summary = methods({
  GET: restRoute({
    right: "executions:read",
    input: AnalyticsInput,
    run: async (call) => ({ body: await analyticsSummary(call) }),
  }),
});

/** `/api/v1/schedules/monitoring/analytics/performance` */
export const performanceSeries = methods({
  GET: restRoute({
    right: "executions:read",
    input: PerformanceInput,
    run: async (call) => ({ body: await analyticsPerformance(call) }),
  }),
});

/** `/api/v1/schedules/monitoring/metrics`, in the Prometheus text format. */
export const metrics = methods({
  GET: restRoute({
    right: "executions:read",
    input: NoInput,
    run: async ({ ctx }) => ({
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
      body: await renderMetrics({ ctx }),
    }),
  }),
});

/** `/api/v1/schedules/monitoring/diagnosis` */
export const diagnosis = methods({
  GET: restRoute({
    right: "system:operate",
    input: NoInput,
    run: async ({ ctx }) => ({ body: await getDiagnosis({ ctx }) }),
  }),
});

/** `/api/v1/schedules/monitoring/breakers` */
export const breakers = methods({
  GET: restRoute({
    right: "executions:read",
    input: NoInput,
    run: async ({ ctx }) => ({ body: { items: await listBreakers({ ctx }) } }),
  }),
});

/** `/api/v1/schedules/monitoring/breakers/reset` */
export const breakerReset = methods({
  POST: restRoute({
    right: "system:operate",
    input: ResetBreakerInput,
    inputFrom: ({ body }) => body,
    run: async (call) => ({ body: await resetBreaker(call) }),
  }),
});

/** `/api/v1/schedules/monitoring/time-zones`: the tz database in use and the occurrences that its last change moved. */
export const timeZones = methods({
  GET: restRoute({
    right: "schedules:read",
    input: TimeZonesInput,
    run: async (call) => ({ body: await getTimeZones(call) }),
  }),
});

/** `/api/v1/schedules/monitoring/sync` */
export const sync = methods({
  POST: restRoute({
    right: "system:operate",
    takesLong: true,
    input: NoInput,
    run: async ({ ctx }) => ({ body: await promoteNow({ ctx }) }),
  }),
});

/** Other text than a flag stays unchanged and is refused by the schema, because a typo must not delete data. */
function flagOf(value: unknown): unknown {
  const parsed = z.stringbool().safeParse(value);
  return parsed.success ? parsed.data : value;
}

/** `/api/v1/schedules/monitoring/cleanup`; `dry_run` in the body or the query. */
export const cleanup = methods({
  POST: restRoute({
    right: "system:operate",
    takesLong: true,
    input: CleanupInput,
    inputFrom: ({ query, body }) => ({
      ...query,
      ...("dryRun" in query ? { dryRun: flagOf(query.dryRun) } : {}),
      ...body,
    }),
    run: async (call) => ({ body: await runCleanup(call) }),
  }),
});
