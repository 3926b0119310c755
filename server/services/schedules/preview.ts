import { fieldError } from "~/server/domain/errors";
import { isRecurring, recurrenceOf } from "~/server/domain/plan";
import { previewOccurrences, validateCron } from "~/server/domain/recurrence";
import type { Preview } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { currentSchedule } from "./current";
import type { ListOccurrencesInput, PreviewScheduleInput } from "./inputs";
import { iso } from "./view";

/** The next occurrences of a cron that is not saved, by the very function that the worker fires with. Nothing is stored. */
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

/** The planned occurrences of a saved schedule between two times; none while it is paused. */
export async function listOccurrences(call: { ctx: Ctx; input: ListOccurrencesInput }): Promise<Preview> {
  const { ctx, input } = call;
  requireRight(ctx, "read");
  const schedule = await currentSchedule(ctx.deps, input.scheduleId);
  const nowMs = ctx.deps.clock.now();
  const none: Preview = { occurrences: [], description: "", warnings: [] };
  if (!schedule.enabled || schedule.state.completed) return none;
  const fromMs = Math.max(input.from ?? nowMs, nowMs - 60_000);
  if (!isRecurring(schedule)) return once(schedule.executionTime, { fromMs, toMs: input.to });
  const preview = previewOccurrences({
    spec: recurrenceOf(schedule),
    fromMs,
    count: input.limit,
    jitterSeconds: schedule.jitterSeconds,
    scheduleId: schedule.scheduleId,
  });
  const { to } = input;
  if (to === undefined) return preview;
  return { ...preview, occurrences: preview.occurrences.filter((o) => Date.parse(o.nominal) <= to) };
}

function once(atMs: number | null, range: { fromMs: number; toMs?: number }): Preview {
  const inside = atMs !== null && atMs >= range.fromMs && (range.toMs === undefined || atMs <= range.toMs);
  const occurrences = inside ? [{ nominal: iso(atMs), effective: iso(atMs), local: iso(atMs), note: null }] : [];
  return { occurrences, description: "Once", warnings: [] };
}
