import type { InstanceInput } from "~/server/adapters/redis/hot-tier-types";
import { decideCatchUp } from "~/server/domain/catch-up";
import type { Execution } from "~/server/domain/execution";
import { occurrenceKey } from "~/server/domain/ids";
import { isRecurring, recurrenceOf } from "~/server/domain/plan";
import { occurrences } from "~/server/domain/recurrence";
import type { CatchUp, Schedule } from "~/server/domain/schedule";
import { skippedExecution } from "../firing/ledger";

/** The most missed occurrences that one resume decides; a schedule of every second misses as many in 28 hours. */
export const MISSED_LIMIT = 100_000;

export type MissedChoice = "none" | "last" | "all";

/** What a paused schedule has missed until now, nominal times, oldest first. `complete`: false above the limit, then it is the oldest. */
export function missedTimes(schedule: Schedule, nowMs: number): { times: number[]; complete: boolean } {
  if (schedule.enabled) return { times: [], complete: true };
  if (!isRecurring(schedule)) {
    const at = schedule.executionTime;
    const missed = at !== null && at < nowMs && !schedule.state.completed;
    return { times: missed ? [at] : [], complete: true };
  }
  const afterMs = schedule.pausedAt ?? schedule.updatedAt;
  const found = occurrences(recurrenceOf(schedule), { afterMs, untilMs: nowMs, limit: MISSED_LIMIT + 1 });
  const times = found.slice(0, MISSED_LIMIT).map((one) => one.nominalMs);
  return { times, complete: found.length <= MISSED_LIMIT };
}

/** @param choice the caller's; without it the schedule's own policy */
export function catchUpOf(schedule: Schedule, choice: MissedChoice | undefined): CatchUp {
  return choice === undefined ? schedule.catchUp : { ...schedule.catchUp, policy: choice };
}

/**
 * What becomes of the occurrences that a paused schedule missed (semantics §4): those to run, as instances in the catch-up lane;
 * the others as skipped rows. A still-future occurrence is never touched. A one-time schedule is not skipped for being late, unless the caller
 * says so: it is due at once.
 */
export function settleMissed(input: {
  schedule: Schedule;
  nowMs: number;
  missed: MissedChoice | undefined;
  actor: string;
}): { executions: Execution[]; instances: InstanceInput[]; afterMs: number } {
  const { schedule, nowMs, missed, actor } = input;
  const { times } = missedTimes(schedule, nowMs);
  const skipped = (nominalMs: number) =>
    skippedExecution({ schedule, nominalMs, nowMs, reason: "paused", actor: schedule.pausedBy ?? actor });
  if (!isRecurring(schedule)) {
    const runs = times.length > 0 && missed !== "none";
    if (runs || times.length === 0)
      return { executions: [], instances: [], afterMs: (schedule.executionTime ?? nowMs) - 1 };
    return { executions: times.map(skipped), instances: [], afterMs: nowMs };
  }
  const { run, skip } = decideCatchUp({ missed: times, nowMs, policy: catchUpOf(schedule, missed) });
  return {
    executions: skip.map(skipped),
    instances: run.map((nominalMs) => ({
      key: occurrenceKey(schedule.scheduleId, nominalMs),
      nominalMs,
      effectiveMs: nowMs,
      trigger: "catch_up",
      actor,
      lane: "c",
    })),
    afterMs: nowMs,
  };
}
