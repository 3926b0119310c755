import { type Execution, latenessMs, type SkipReason, type Trigger } from "~/server/domain/execution";
import { eventId, occurrenceKey } from "~/server/domain/ids";
import { isRecurring, recurrenceOf } from "~/server/domain/plan";
import { occurrences } from "~/server/domain/recurrence";
import type { Schedule } from "~/server/domain/schedule";

/** The ledger's row of an occurrence that is not run, with its reason. */
export function skippedExecution(input: {
  schedule: Schedule;
  nominalMs: number;
  nowMs: number;
  reason: SkipReason;
  actor: string | null;
  trigger?: Trigger;
}): Execution {
  return unrun({ ...input, outcome: "skipped" });
}

/** The most rows that one edit, pause or delete writes for what was due and not yet claimed. */
const OVERDUE_LIMIT = 10_000;

/**
 * The rows of what is due at this moment and not claimed, for a change that takes it out of the plan: a worker's outage has left it so. Redis drops
 * those that were claimed between this look and the change.
 */
export function overdueExecutions(input: {
  schedule: Schedule;
  nowMs: number;
  outcome: "skipped" | "cancelled";
  reason: SkipReason | "deleted";
  actor: string;
}): Execution[] {
  const { schedule, nowMs } = input;
  const nextMs = schedule.state.nextExecution;
  if (nextMs === null || nextMs > nowMs || !schedule.enabled) return [];
  if (!isRecurring(schedule)) return [unrun({ ...input, nominalMs: nextMs })];
  return occurrences(recurrenceOf(schedule), { afterMs: nextMs - 1, untilMs: nowMs, limit: OVERDUE_LIMIT }).map(
    ({ nominalMs }) => unrun({ ...input, nominalMs }),
  );
}

/** The row of an occurrence that was taken out of the plan by a delete. */
export function cancelledExecution(input: {
  schedule: Schedule;
  nominalMs: number;
  nowMs: number;
  actor: string;
}): Execution {
  return unrun({ ...input, outcome: "cancelled", reason: "deleted" });
}

/** The row of a one-time schedule that is deleted before its time; none where it is over. */
export function cancelledExecutions(input: { schedule: Schedule; nowMs: number; actor: string }): Execution[] {
  const { schedule } = input;
  const given = { ...input, outcome: "cancelled", reason: "deleted" } as const;
  if (isRecurring(schedule)) return overdueExecutions(given);
  if (schedule.state.completed || schedule.executionTime === null) return [];
  return [unrun({ ...given, nominalMs: schedule.executionTime })];
}

function unrun(input: {
  schedule: Schedule;
  nominalMs: number;
  nowMs: number;
  outcome: "skipped" | "cancelled";
  reason: SkipReason | "deleted";
  actor: string | null;
  trigger?: Trigger;
}): Execution {
  const { schedule, nominalMs, nowMs } = input;
  const key = occurrenceKey(schedule.scheduleId, nominalMs);
  return {
    executionId: eventId(key),
    key,
    scheduleId: schedule.scheduleId,
    scheduleName: schedule.name,
    scheduleVersion: schedule.version,
    trigger: input.trigger ?? "schedule",
    outcome: input.outcome,
    reason: input.reason,
    topic: schedule.topic,
    entityType: schedule.entityType,
    entityId: schedule.entityId,
    action: schedule.action,
    source: schedule.source,
    correlationId: schedule.correlationId,
    priority: schedule.priority,
    scheduledFor: nominalMs,
    effectiveAt: nominalMs,
    firedAt: null,
    endedAt: nowMs,
    latenessMs: latenessMs(nominalMs, nowMs),
    late: false,
    publishMs: null,
    attempts: [],
    error: null,
    errorClass: null,
    workerId: "",
    partition: null,
    offset: null,
    actor: input.actor,
    tier: "redis",
    enteredRedisAt: nominalMs,
    payload: "",
    headers: {},
  };
}
