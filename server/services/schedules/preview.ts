import { fieldError } from "~/server/domain/errors";
import { LATEST_MS } from "~/server/domain/instant";
import { isRecurring, recurrenceOf } from "~/server/domain/plan";
import {
  localTime,
  nextClockChange,
  nextOccurrence,
  previewOccurrences,
  runCounts,
  validateCron,
} from "~/server/domain/recurrence";
import type { Schedule } from "~/server/domain/schedule";
import type { OccurrencePage, SchedulePreview } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { currentSchedule } from "./current";
import type { ListOccurrencesInput, PreviewScheduleInput } from "./inputs";
import { iso } from "./view";

/** How far in the past a page of planned occurrences may begin, ms. */
const MAX_PAST_MS = 60_000;
const NOT_TRUNCATED = { truncated: false, nextFrom: null, nextClockChange: null };

/**
 * Returns the next occurrences of an unsaved cron, and their numbers in 24 hours and in 7 days. Throws `cron_invalid`
 * or another code of `validateCron`, with the field.
 */
export async function previewSchedule(call: { ctx: Ctx; input: PreviewScheduleInput }): Promise<SchedulePreview> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  return previewOf(input, { nowMs: ctx.deps.clock.now(), timezone: ctx.deps.settings.current().timezone });
}

/** The preview for an installation with this default time zone. Throws like `previewSchedule`. */
export function previewOf(
  input: PreviewScheduleInput,
  installation: { nowMs: number; timezone: string },
): SchedulePreview {
  const { nowMs } = installation;
  const timezone = input.timezone ?? installation.timezone;
  const verdict = validateCron({ expression: input.cronExpression, timezone, now: nowMs });
  if (!verdict.ok) throw fieldError(verdict.code, verdict);
  const fromMs = input.from ?? nowMs;
  const spec = {
    cronExpression: input.cronExpression,
    timezone,
    dstGap: input.dstGap ?? "first_valid",
    dstOverlap: input.dstOverlap ?? "first",
  } as const;
  const preview = previewOccurrences({ spec, fromMs, count: input.count, jitterSeconds: input.jitterSeconds ?? 0 });
  return { ...preview, runs: runCounts(spec, fromMs) };
}

/**
 * Returns the planned occurrences of a schedule between two times, at most `limit`. A paused schedule has none. If more
 * follow, `truncated` is true and `nextFrom` is the `from` of the next page. Throws `not_found`.
 */
export async function listOccurrences(call: { ctx: Ctx; input: ListOccurrencesInput }): Promise<OccurrencePage> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  const schedule = await currentSchedule(ctx.deps, input.scheduleId);
  const nowMs = ctx.deps.clock.now();
  const none: OccurrencePage = { occurrences: [], description: "", warnings: [], ...NOT_TRUNCATED };
  if (schedule.state.completed) return none;
  if (!schedule.enabled) {
    const change = isRecurring(schedule) ? nextClockChange(recurrenceOf(schedule), nowMs) : null;
    return { ...none, nextClockChange: change };
  }
  const fromMs = Math.max(input.from ?? nowMs, nowMs - MAX_PAST_MS);
  if (!isRecurring(schedule)) return once(schedule, { fromMs, toMs: input.to });
  const recurrence = recurrenceOf(schedule);
  const spec = { ...recurrence, endAt: Math.min(recurrence.endAt ?? LATEST_MS, input.to ?? LATEST_MS) };
  const preview = previewOccurrences({
    spec,
    fromMs,
    count: input.limit,
    jitterSeconds: schedule.jitterSeconds,
    scheduleId: schedule.scheduleId,
  });
  const last = preview.occurrences[input.limit - 1];
  const truncated = last !== undefined && nextOccurrence(spec, Date.parse(last.nominal)) !== null;
  const nextFrom = truncated ? last.nominal : null;
  return { ...preview, truncated, nextFrom, nextClockChange: nextClockChange(recurrence, nowMs) };
}

function once(schedule: Schedule, range: { fromMs: number; toMs?: number }): OccurrencePage {
  const { executionTime: atMs, timezone } = schedule;
  const inside = atMs !== null && atMs >= range.fromMs && (range.toMs === undefined || atMs <= range.toMs);
  const occurrences = inside
    ? [{ nominal: iso(atMs), effective: iso(atMs), local: localTime(timezone, atMs), note: null }]
    : [];
  return { occurrences, description: "Once", warnings: [], ...NOT_TRUNCATED };
}
