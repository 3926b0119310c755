import { fieldError } from "~/server/domain/errors";
import { LATEST_MS } from "~/server/domain/instant";
import { isRecurring, recurrenceOf } from "~/server/domain/plan";
import { nextOccurrence, previewOccurrences, validateCron } from "~/server/domain/recurrence";
import type { OccurrencePage, Preview } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { currentSchedule } from "./current";
import type { ListOccurrencesInput, PreviewScheduleInput } from "./inputs";
import { iso } from "./view";

const WHOLE = { truncated: false, nextFrom: null };

/**
 * Returns the next occurrences of an unsaved cron, computed by the function that the worker uses. Stores nothing.
 * Throws `cron_invalid` or another code of `validateCron`, with the field.
 */
export async function previewSchedule(call: { ctx: Ctx; input: PreviewScheduleInput }): Promise<Preview> {
  const { ctx, input } = call;
  requireRight(ctx, "read");
  const nowMs = ctx.deps.clock.now();
  const timezone = input.timezone ?? ctx.deps.settings.current().timezone;
  const verdict = validateCron({ expression: input.cronExpression, timezone, now: nowMs });
  if (!verdict.ok) throw fieldError(verdict.code, verdict);
  return previewOccurrences({
    spec: {
      cronExpression: input.cronExpression,
      timezone,
      dstGap: input.dstGap ?? "first_valid",
      dstOverlap: input.dstOverlap ?? "first",
    },
    fromMs: input.from ?? nowMs,
    count: input.count,
    jitterSeconds: input.jitterSeconds ?? 0,
  });
}

/**
 * Returns the planned occurrences of a saved schedule between two times, at most `limit`; none while it is paused. If
 * more follow, `truncated` is true and `nextFrom` is the `from` of the next page. Throws `not_found`.
 */
export async function listOccurrences(call: { ctx: Ctx; input: ListOccurrencesInput }): Promise<OccurrencePage> {
  const { ctx, input } = call;
  requireRight(ctx, "read");
  const schedule = await currentSchedule(ctx.deps, input.scheduleId);
  const nowMs = ctx.deps.clock.now();
  const none: OccurrencePage = { occurrences: [], description: "", warnings: [], ...WHOLE };
  if (!schedule.enabled || schedule.state.completed) return none;
  const fromMs = Math.max(input.from ?? nowMs, nowMs - 60_000);
  if (!isRecurring(schedule)) return once(schedule.executionTime, { fromMs, toMs: input.to });
  const whole = recurrenceOf(schedule);
  const spec = { ...whole, endAt: Math.min(whole.endAt ?? LATEST_MS, input.to ?? LATEST_MS) };
  const preview = previewOccurrences({
    spec,
    fromMs,
    count: input.limit,
    jitterSeconds: schedule.jitterSeconds,
    scheduleId: schedule.scheduleId,
  });
  const last = preview.occurrences[input.limit - 1];
  const truncated = last !== undefined && nextOccurrence(spec, Date.parse(last.nominal)) !== null;
  return { ...preview, truncated, nextFrom: truncated ? last.nominal : null };
}

function once(atMs: number | null, range: { fromMs: number; toMs?: number }): OccurrencePage {
  const inside = atMs !== null && atMs >= range.fromMs && (range.toMs === undefined || atMs <= range.toMs);
  const occurrences = inside ? [{ nominal: iso(atMs), effective: iso(atMs), local: iso(atMs), note: null }] : [];
  return { occurrences, description: "Once", warnings: [], ...WHOLE };
}
