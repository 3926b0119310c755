import { isRecurring, recurrenceOf } from "~/server/domain/plan";
import { localTime, previewOccurrences, runCounts } from "~/server/domain/recurrence";
import type { Schedule } from "~/server/domain/schedule";
import type { SchedulePreview, ScheduleView } from "~/server/domain/views";
import { newScheduleId } from "~/server/new-schedule-id";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import type { PreviewCreateInput } from "./inputs";
import { requireFreeName } from "./names";
import { placedDefinition } from "./new-schedule";
import { iso, scheduleView } from "./view";

const DAY_MS = 86_400_000;

/** What a create would store, and when the schedule would fire. */
export interface CreatePreview extends SchedulePreview {
  /** Its id is an example. */
  schedule: ScheduleView;
}

/**
 * Checks a definition like a create, and stores nothing. Throws what `createSchedule` throws for an invalid definition
 * or a taken name. The name of a schedule that is not recorded yet may go unnoticed.
 */
export async function previewCreate(call: { ctx: Ctx; input: PreviewCreateInput }): Promise<CreatePreview> {
  const { ctx } = call;
  requireRight(ctx, "schedules:create");
  const { deps } = ctx;
  const { count, ...definition } = call.input;
  const nowMs = deps.clock.now();
  const context = { scheduleId: newScheduleId(), nowMs, settings: deps.settings.current() };
  const { schedule } = await placedDefinition(ctx, definition, context);
  await requireFreeName(deps, schedule.name);
  const times = isRecurring(schedule) ? recurringTimes(schedule, { nowMs, count }) : oneTime(schedule, nowMs);
  return { ...times, schedule: await scheduleView(deps, schedule) };
}

function recurringTimes(
  schedule: Schedule & { cronExpression: string },
  { nowMs, count }: { nowMs: number; count: number },
): SchedulePreview {
  const spec = recurrenceOf(schedule);
  const { jitterSeconds } = schedule;
  const maxRuns = schedule.maxRuns ?? Number.POSITIVE_INFINITY;
  const runs = runCounts(spec, nowMs);
  return {
    ...previewOccurrences({ spec, fromMs: nowMs, count: Math.min(count, maxRuns), jitterSeconds }),
    runs: { nextDay: Math.min(runs.nextDay, maxRuns), nextWeek: Math.min(runs.nextWeek, maxRuns) },
  };
}

function oneTime({ executionTime, timezone }: Schedule, nowMs: number): SchedulePreview {
  const atMs = executionTime ?? nowMs;
  const at = iso(atMs);
  const within = (days: number) => (atMs <= nowMs + days * DAY_MS ? 1 : 0);
  return {
    occurrences: [{ nominal: at, effective: at, local: localTime(timezone, atMs), note: null }],
    description: "Once",
    warnings: [],
    runs: { nextDay: within(1), nextWeek: within(7) },
  };
}
