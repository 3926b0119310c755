import { z } from "zod";
import { fieldError } from "~/server/domain/errors";
import { Instant } from "~/server/domain/instant";
import { Id, Label } from "~/server/domain/text";
import type { AnalyticsSummary, Performance } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";

const MAX_HOURS = 24 * 366;
/** Most bars of a chart: more cannot be told apart and make a large answer. */
const MAX_BUCKETS = 300;
/** Bucket widths. There is none between six hours and a day, so that a quarter uses the daily roll-up. */
const BUCKET_STEPS_SECONDS = [60, 300, 900, 1800, 3600, 10_800, 21_600, 86_400, 604_800];

/** A time range: the last `hours`, or `from` and `to`. */
export const AnalyticsInput = z.strictObject({
  hours: z.coerce.number().min(0.25).max(MAX_HOURS).default(24),
  from: Instant.optional(),
  to: Instant.optional(),
  topic: Label(249).optional(),
  source: Label(32).optional(),
  scheduleId: Id.optional(),
});
export type AnalyticsInput = z.infer<typeof AnalyticsInput>;

/** Returns totals, rates and percentiles of a time range, from the roll-ups. */
export async function analyticsSummary(call: { ctx: Ctx; input: AnalyticsInput }): Promise<AnalyticsSummary> {
  requireRight(call.ctx, "read");
  const { topic, source, scheduleId } = call.input;
  const nowMs = call.ctx.deps.clock.now();
  return call.ctx.deps.store.analyticsSummary({ ...rangeOf(call.input, nowMs), nowMs, topic, source, scheduleId });
}

/**
 * Returns the summary as a time series of at most 300 buckets. `to` is the requested end; the last bucket ends at its
 * own.
 */
export async function analyticsPerformance(call: { ctx: Ctx; input: AnalyticsInput }): Promise<Performance> {
  requireRight(call.ctx, "read");
  const { topic, source, scheduleId } = call.input;
  const nowMs = call.ctx.deps.clock.now();
  const range = rangeOf(call.input, nowMs);
  const bucketSeconds = bucketFor(range.toMs - range.fromMs);
  const drawn = drawnRange({ ...range, bucketSeconds, nowMs });
  const filter = { topic, source, scheduleId };
  const found = await call.ctx.deps.store.analyticsPerformance({ ...drawn, ...filter, bucketSeconds, nowMs });
  return { ...found, to: new Date(range.toMs).toISOString() };
}

const floorTo = (ms: number, stepMs: number) => Math.floor(ms / stepMs) * stepMs;

/**
 * Extends a range to whole bars, so that no chart begins with a partial bar, and the current bar is complete so far.
 */
export function drawnRange(range: { fromMs: number; toMs: number; bucketSeconds: number; nowMs: number }): {
  fromMs: number;
  toMs: number;
} {
  const { fromMs, toMs, bucketSeconds, nowMs } = range;
  const bucketMs = bucketSeconds * 1000;
  return {
    fromMs: floorTo(fromMs, bucketMs),
    toMs: toMs >= nowMs ? floorTo(toMs, bucketMs) + bucketMs : toMs,
  };
}

/** Returns the smallest bucket width, in seconds, that keeps `spanMs` within the limit of bars. */
export function bucketFor(spanMs: number): number {
  const wanted = spanMs / 1000 / MAX_BUCKETS;
  return BUCKET_STEPS_SECONDS.find((step) => step >= wanted) ?? 604_800;
}

function rangeOf(input: AnalyticsInput, nowMs: number): { fromMs: number; toMs: number } {
  const toMs = input.to ?? nowMs;
  const fromMs = input.from ?? toMs - input.hours * 3_600_000;
  if (fromMs >= toMs) {
    throw fieldError("validation_failed", { field: "from", message: "is not before to", expected: "a time before to" });
  }
  return { fromMs, toMs };
}
