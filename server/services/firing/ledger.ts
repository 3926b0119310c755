import { type Execution, latenessMs, type SkipReason, type Trigger } from "~/server/domain/execution";
import { eventId, occurrenceKey } from "~/server/domain/ids";
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
  const { schedule, nominalMs, nowMs } = input;
  const key = occurrenceKey(schedule.scheduleId, nominalMs);
  return {
    executionId: eventId(key),
    key,
    scheduleId: schedule.scheduleId,
    scheduleName: schedule.name,
    scheduleVersion: schedule.version,
    trigger: input.trigger ?? "schedule",
    outcome: "skipped",
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
