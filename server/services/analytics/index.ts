import { z } from "zod";
import { bucketEnd, bucketStarts, weekOf } from "~/server/domain/chart-buckets";
import { fieldError } from "~/server/domain/errors";
import { Instant } from "~/server/domain/instant";
import { Id, Label, Line } from "~/server/domain/text";
import type { AnalyticsSummary, AnalyticsTotals, Performance } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";

const MAX_HOURS = 24 * 366;
/** Maximum number of bars of a chart. More bars cannot be distinguished. */
const MAX_BUCKETS = 300;
/** Has no width between six hours and a day, so that a month in fewer than 120 bars has bars of whole days. */
const BUCKET_STEPS_SECONDS = [60, 300, 900, 1800, 3600, 10_800, 21_600, 86_400, 604_800];

/** `to` is now by default, and `from` is `hours` before `to`. */
export const AnalyticsInput = z.strictObject({
  hours: z.coerce.number().min(0.25).max(MAX_HOURS).default(24),
  from: Instant.optional(),
  to: Instant.optional(),
  topic: Label(249).optional(),
  source: Label(32).optional(),
  scheduleId: Id.optional(),
});
export type AnalyticsInput = z.infer<typeof AnalyticsInput>;

/** Returns totals, rates, percentiles and rankings of a time range. */
export async function analyticsSummary(call: { ctx: Ctx; input: AnalyticsInput }): Promise<AnalyticsSummary> {
  requireRight(call.ctx, "executions:read");
  return call.ctx.deps.store.analyticsSummary(storeInput(call));
}

/** Returns the summary without rankings, at a fraction of the cost. */
export async function analyticsTotals(call: { ctx: Ctx; input: AnalyticsInput }): Promise<AnalyticsTotals> {
  requireRight(call.ctx, "executions:read");
  return call.ctx.deps.store.analyticsTotals(storeInput(call));
}

/** Returns the schedules with the most dead and expired executions. */
export async function topFailures(call: { ctx: Ctx; input: AnalyticsInput }): Promise<AnalyticsSummary["topFailures"]> {
  requireRight(call.ctx, "executions:read");
  return call.ctx.deps.store.topFailures(storeInput(call));
}

function storeInput({ ctx, input }: { ctx: Ctx; input: AnalyticsInput }) {
  const { topic, source, scheduleId } = input;
  const nowMs = ctx.deps.clock.now();
  return { ...rangeOf(input, nowMs), nowMs, topic, source, scheduleId };
}

/** The buckets begin at round local times of `timezone`, or of UTC in a range of more than 100 days. */
export const PerformanceInput = AnalyticsInput.extend({
  timezone: Line(64).default("UTC"),
  maxBuckets: z.coerce.number().int().min(1).max(MAX_BUCKETS).default(MAX_BUCKETS),
});
export type PerformanceInput = z.infer<typeof PerformanceInput>;

/** Returns the summary as a time series. Throws `timezone_unknown`, and `validation_failed` for an empty range. */
export async function analyticsPerformance(call: { ctx: Ctx; input: PerformanceInput }): Promise<Performance> {
  requireRight(call.ctx, "executions:read");
  const { topic, source, scheduleId, timezone, maxBuckets } = call.input;
  const nowMs = call.ctx.deps.clock.now();
  const range = rangeOf(call.input, nowMs);
  const bucketSeconds = bucketSecondsFor(range.toMs - range.fromMs, maxBuckets);
  const edgesMs = barEdges({ ...range, bucketSeconds, timezone, nowMs });
  const filter = { topic, source, scheduleId };
  const found = await call.ctx.deps.store.analyticsPerformance({ edgesMs, ...filter, nowMs });
  const iso = (ms: number) => new Date(ms).toISOString();
  return { ...found, bucketSeconds, from: iso(range.fromMs), to: iso(range.toMs) };
}

const HOUR_MS = 3_600_000;
/** The per-minute roll-up goes back at least this far, ms. */
const MINUTE_ROLL_UP_MS = 6.5 * 24 * HOUR_MS;
/** Longer ranges read the daily roll-up, whose days are in UTC. */
const MAX_LOCAL_RANGE_MS = 100 * 86_400_000;

/**
 * Returns the start of each bar of a range, and the end of the last bar. The first bar is never partial. The current
 * bar ends after `toMs`, so that it includes all executions up to now.
 */
export function barEdges(range: {
  fromMs: number;
  toMs: number;
  bucketSeconds: number;
  timezone: string;
  nowMs: number;
}): number[] {
  const { fromMs, toMs, nowMs } = range;
  const stepMs = range.bucketSeconds * 1000;
  const timezone = toMs - fromMs > MAX_LOCAL_RANGE_MS ? "UTC" : range.timezone;
  const starts = bucketStarts({ fromMs, toMs, stepMs, timezone });
  const endMs = toMs >= nowMs ? bucketEnd({ toMs, stepMs, timezone }) : toMs;
  if (fromMs >= nowMs - MINUTE_ROLL_UP_MS) return [...starts, endMs];
  // Older ranges have only roll-ups of whole hours of UTC. In a zone with a half-hour offset, bars therefore begin at
  // the next whole hour of UTC. The first bar begins at the previous hour, so that the chart includes `fromMs`.
  const hours = starts.map((ms, i) => (i === 0 ? Math.floor(ms / HOUR_MS) : Math.ceil(ms / HOUR_MS)) * HOUR_MS);
  return [...hours.filter((ms) => ms < endMs), endMs];
}

/** Returns the smallest bucket width, at most a week, with which `spanMs` has at most `maxBuckets` bars. */
export function bucketSecondsFor(spanMs: number, maxBuckets: number): number {
  const wanted = spanMs / 1000 / maxBuckets;
  return BUCKET_STEPS_SECONDS.find((step) => step >= wanted) ?? 604_800;
}

/** `timezone` is the zone of the weekdays and hours. */
export const WeekInput = AnalyticsInput.extend({ timezone: Line(64).default("UTC") });
export type WeekInput = z.infer<typeof WeekInput>;

/**
 * Returns the number of executions by the local hour of the week of their nominal time, as seven rows of 24 hours,
 * beginning with Monday. In a zone with a half-hour offset, each hour of UTC counts for the local hour in which it
 * begins. Throws `timezone_unknown`, and `validation_failed` for an empty range.
 */
export async function analyticsWeek(call: { ctx: Ctx; input: WeekInput }): Promise<{ counts: number[][] }> {
  requireRight(call.ctx, "executions:read");
  const { topic, source, scheduleId, timezone } = call.input;
  const nowMs = call.ctx.deps.clock.now();
  const filter = { topic, source, scheduleId };
  const hours = await call.ctx.deps.store.executionsByHour({ ...rangeOf(call.input, nowMs), ...filter, nowMs });
  return { counts: weekOf(hours, timezone) };
}

function rangeOf(input: AnalyticsInput, nowMs: number): { fromMs: number; toMs: number } {
  const toMs = input.to ?? nowMs;
  const fromMs = input.from ?? Math.round(toMs - input.hours * HOUR_MS);
  if (fromMs >= toMs) {
    throw fieldError("validation_failed", { field: "from", message: "is not before to", expected: "a time before to" });
  }
  return { fromMs, toMs };
}
