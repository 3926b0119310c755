import { z } from "zod";
import { fieldError } from "~/server/domain/errors";
import { Instant } from "~/server/domain/instant";
import { Id, Label } from "~/server/domain/text";
import type { AnalyticsSummary, Performance } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";

const MAX_HOURS = 24 * 366;
/** A chart has at most this many bars: more could not be told apart, and would make a large answer. */
const MAX_BUCKETS = 300;
/**
 * From a day on, the daily roll-up has the whole bar: nothing between six hours and a day, so that a quarter is read
 * from it.
 */
const BUCKET_STEPS_SECONDS = [60, 300, 900, 1800, 3600, 10_800, 21_600, 86_400, 604_800];

/** Either the last `hours`, or `from` and `to`. */
export const AnalyticsInput = z.strictObject({
  hours: z.coerce.number().min(0.25).max(MAX_HOURS).default(24),
  from: Instant.optional(),
  to: Instant.optional(),
  topic: Label(249).optional(),
  source: Label(32).optional(),
  scheduleId: Id.optional(),
});
export type AnalyticsInput = z.infer<typeof AnalyticsInput>;

/** Totals, rates and percentiles of a time range, from the roll-ups. */
export async function analyticsSummary(call: { ctx: Ctx; input: AnalyticsInput }): Promise<AnalyticsSummary> {
  requireRight(call.ctx, "read");
  const { topic, source, scheduleId } = call.input;
  const nowMs = call.ctx.deps.clock.now();
  return call.ctx.deps.store.analyticsSummary({ ...rangeOf(call.input, nowMs), nowMs, topic, source, scheduleId });
}

/** The same as a time series, in at most 300 buckets; `to` is as asked for, the last bucket reaches to its own end. */
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
 * A range as it is drawn, in whole bars: no chart begins with a dip, and one that reaches to now has all that the bar
 * under way has got so far.
 */
export function drawnRange(given: { fromMs: number; toMs: number; bucketSeconds: number; nowMs: number }): {
  fromMs: number;
  toMs: number;
} {
  const { fromMs, toMs, bucketSeconds, nowMs } = given;
  const bucketMs = bucketSeconds * 1000;
  return {
    fromMs: floorTo(fromMs, bucketMs),
    toMs: toMs >= nowMs ? floorTo(toMs, bucketMs) + bucketMs : toMs,
  };
}

/** The smallest step that keeps a range of `spanMs` under the bound of bars. */
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
