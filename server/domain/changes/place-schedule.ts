import type { Placement } from "../placement";
import { planAfter, runsLeft } from "../plan";
import type { Schedule } from "../schedule";
import type { Settings } from "../settings";

/**
 * Places a schedule by its occurrences after `afterMs`: in Redis if an occurrence is within the horizon. Otherwise, and
 * if the schedule is not enabled or is deleted, only in the catalogue.
 *
 * @param afterMs a recurring schedule's plan starts strictly after this time, such as the last decided nominal time,
 *   the creation, or the last change of the times (semantics §4.7)
 * @param caughtUp the number of missed occurrences that this change runs; `max_runs` counts them
 */
export function placeSchedule(input: {
  schedule: Schedule;
  afterMs: number;
  nowMs: number;
  settings: Settings;
  caughtUp?: number;
}): {
  schedule: Schedule;
  placement: Placement;
} {
  const { schedule, nowMs, caughtUp = 0 } = input;
  const placedIn = (placement: Placement, changes: Partial<Schedule["state"]>) => ({
    schedule: { ...schedule, state: { ...schedule.state, tier: placement.tier, ...changes } },
    placement,
  });
  if (!schedule.enabled || schedule.state.deleted) {
    return placedIn({ tier: "clickhouse", nextExecution: null }, { nextExecution: null });
  }
  const horizonMs = input.settings.immediateHorizonSeconds * 1000;
  const { near, nextBeyondMs } = planAfter({
    schedule,
    afterMs: input.afterMs,
    nowMs,
    horizonMs,
    runsLeft: runsLeft(schedule, caughtUp),
  });
  const first = near[0];
  if (first !== undefined) {
    return placedIn({ tier: "redis", plan: near }, { nextExecution: first.nominalMs, completed: false });
  }
  return placedIn(
    { tier: "clickhouse", nextExecution: nextBeyondMs },
    { nextExecution: nextBeyondMs, completed: nextBeyondMs === null },
  );
}

/** The schedule as completed, without a further occurrence. */
export function endSchedule(schedule: Schedule): { schedule: Schedule; placement: Placement } {
  const state = { ...schedule.state, tier: "clickhouse", nextExecution: null, completed: true } as const;
  return { schedule: { ...schedule, state }, placement: { tier: "clickhouse", nextExecution: null } };
}
