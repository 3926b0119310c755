import { decideCatchUp } from "../catch-up";
import type { Execution } from "../execution";
import { occurrenceKey } from "../ids";
import { gapRows, oneTimeOccurrence, skippedExecution } from "../ledger";
import { isRecurring, occurrencesOf, type PlannedOccurrence, recurrenceOf, runsLeft } from "../plan";
import { skippedByDst } from "../recurrence";
import type { CatchUp, Schedule } from "../schedule";
import type { InstanceInput } from "./change";

/** Maximum number of missed occurrences that one change decides: 28 hours of a schedule that fires every second. */
export const MISSED_LIMIT = 100_000;

/** The caller's choice of a catch-up policy for one resume. */
export type MissedChoice = "none" | "last" | "all";

/**
 * The missed occurrences of a paused schedule, oldest first. If there are more than the limit, returns only the oldest,
 * with `complete` false.
 */
export function missedTimes(schedule: Schedule, nowMs: number): { times: PlannedOccurrence[]; complete: boolean } {
  if (schedule.enabled || schedule.state.completed) return { times: [], complete: true };
  if (!isRecurring(schedule)) {
    const at = schedule.executionTime;
    return { times: at !== null && at < nowMs ? [oneTimeOccurrence(schedule, at)] : [], complete: true };
  }
  const afterMs = schedule.pausedAt ?? schedule.updatedAt;
  const found = occurrencesOf(schedule, { afterMs, untilMs: nowMs, limit: MISSED_LIMIT + 1 });
  // An occurrence that jitter moved past now is not missed.
  const times = found.slice(0, MISSED_LIMIT).filter((one) => one.effectiveMs <= nowMs);
  return { times, complete: found.length <= MISSED_LIMIT };
}

/** @param choice the caller's choice; if absent, the schedule's policy applies */
export function catchUpOf(schedule: Schedule, choice: MissedChoice | undefined): CatchUp {
  return choice === undefined ? schedule.catchUp : { ...schedule.catchUp, policy: choice };
}

/**
 * Decides the missed occurrences of a paused schedule (semantics §4.13). The occurrences to run become instances in
 * the catch-up lane, as many as the catch-up policy and the schedule's `max_runs` allow; the others get skipped rows.
 * The plan continues after `afterMs`. A late one-time schedule is due at once, unless the caller skips it.
 */
export function settleMissed(input: {
  schedule: Schedule;
  nowMs: number;
  missed: MissedChoice | undefined;
  actor: string;
}): { executions: Execution[]; instances: InstanceInput[]; afterMs: number } {
  const { schedule, nowMs, missed, actor } = input;
  const { times, complete } = missedTimes(schedule, nowMs);
  if (!isRecurring(schedule)) {
    const isSkipped = times.length > 0 && missed === "none";
    return isSkipped
      ? { executions: pausedRows({ schedule, times, nowMs, actor }), instances: [], afterMs: nowMs }
      : { executions: [], instances: [], afterMs: (schedule.executionTime ?? nowMs) - 1 };
  }
  const policy = catchUpOf(schedule, missed);
  // `last` and `all` run the newest occurrences, which are unknown if the list is incomplete. The listed occurrences
  // are then skipped. The plan continues after them, and the schedule's own policy decides the rest.
  const { run, skip, ended } = complete
    ? decideCatchUp({ missed: times, nowMs, policy, runsLeft: runsLeft(schedule, 0) })
    : { run: [], skip: times, ended: [] };
  const executions = [
    ...pausedRows({ schedule, times: skip, nowMs, actor }),
    ...ended.map((time) => skippedExecution({ schedule, time, nowMs, reason: "schedule_ended", actor: null })),
    ...gapsInPause(schedule, nowMs),
  ];
  return {
    executions: executions.sort((a, b) => a.scheduledFor - b.scheduledFor),
    instances: run.map(({ nominalMs, effectiveMs }) => ({
      key: occurrenceKey(schedule.scheduleId, nominalMs),
      nominalMs,
      effectiveMs,
      trigger: "catch_up",
      actor,
      lane: "c",
    })),
    afterMs: times.at(-1)?.nominalMs ?? schedule.pausedAt ?? schedule.updatedAt,
  };
}

/**
 * The rows of the occurrences that a paused recurring schedule has missed, the oldest `MISSED_LIMIT` at most. For a
 * delete.
 */
export function missedRows(input: { schedule: Schedule; nowMs: number; actor: string }): Execution[] {
  const { schedule, nowMs } = input;
  if (!isRecurring(schedule)) return [];
  const rows = pausedRows({ ...input, times: missedTimes(schedule, nowMs).times });
  return [...rows, ...gapsInPause(schedule, nowMs)].sort((a, b) => a.scheduledFor - b.scheduledFor);
}

/** The rows of times during the pause that `dst_gap: skip` omits. */
function gapsInPause(schedule: Schedule & { cronExpression: string }, nowMs: number): Execution[] {
  if (schedule.dstGap !== "skip" || schedule.enabled || schedule.state.completed) return [];
  const afterMs = schedule.pausedAt ?? schedule.updatedAt;
  return gapRows(
    schedule,
    skippedByDst(recurrenceOf(schedule), { afterMs, untilMs: nowMs, limit: MISSED_LIMIT }),
    nowMs,
  );
}

function pausedRows(input: {
  schedule: Schedule;
  times: readonly PlannedOccurrence[];
  nowMs: number;
  actor: string;
}): Execution[] {
  const { schedule, times, nowMs } = input;
  const actor = schedule.pausedBy ?? input.actor;
  const pause = { reason: "paused", actor, note: schedule.pauseNote } as const;
  return times.map((time) => skippedExecution({ schedule, time, nowMs, ...pause }));
}
