import type { InstanceInput } from "~/server/adapters/redis/hot-tier-types";
import { decideCatchUp } from "~/server/domain/catch-up";
import type { Execution } from "~/server/domain/execution";
import { occurrenceKey } from "~/server/domain/ids";
import { isRecurring, recurrenceOf } from "~/server/domain/plan";
import { occurrences } from "~/server/domain/recurrence";
import type { Schedule } from "~/server/domain/schedule";
import { skippedExecution } from "../firing/ledger";

/** The most missed occurrences that one resume writes into the ledger, the newest ones. */
const MISSED_LIMIT = 10_000;

/**
 * What becomes of the occurrences that a paused schedule missed (semantics §4): those to run, as instances in the catch-up lane;
 * the others as skipped rows. A still-future occurrence is never touched. A one-time schedule is not skipped for being late: it is due at once.
 *
 * @param missed the caller's choice; without it the schedule's own policy
 */
export function settleMissed(input: {
  schedule: Schedule;
  nowMs: number;
  missed: "none" | "last" | "all" | undefined;
  actor: string;
}): { executions: Execution[]; instances: InstanceInput[]; afterMs: number } {
  const { schedule, nowMs, missed, actor } = input;
  if (!isRecurring(schedule)) {
    const skipped = missed === "none" && schedule.executionTime !== null && schedule.executionTime < nowMs;
    if (!skipped) return { executions: [], instances: [], afterMs: (schedule.executionTime ?? nowMs) - 1 };
    const row = skippedExecution({
      schedule,
      nominalMs: schedule.executionTime as number,
      nowMs,
      reason: "paused",
      actor,
    });
    return { executions: [row], instances: [], afterMs: nowMs };
  }
  const pausedAtMs = schedule.updatedAt;
  const times = occurrences(recurrenceOf(schedule), { afterMs: pausedAtMs, untilMs: nowMs, limit: MISSED_LIMIT }).map(
    (o) => o.nominalMs,
  );
  const policy = missed === undefined ? schedule.catchUp : { ...schedule.catchUp, policy: missed };
  const { run, skip } = decideCatchUp({ missed: times, nowMs, policy });
  return {
    executions: skip.map((nominalMs) => skippedExecution({ schedule, nominalMs, nowMs, reason: "paused", actor })),
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
