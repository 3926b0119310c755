import { type Execution, latenessMs } from "~/server/domain/execution";
import { eventId, occurrenceKey } from "~/server/domain/ids";
import { newScheduleId } from "~/server/new-schedule-id";

/** A succeeded execution, fired 20 ms after its effective time. `over` overrides any field. */
export function anExecution(over: Partial<Execution> = {}): Execution {
  const scheduleId = over.scheduleId ?? newScheduleId();
  const scheduledFor = over.scheduledFor ?? 1_800_000_000_000;
  const key = over.key ?? occurrenceKey(scheduleId, scheduledFor);
  const effectiveAt = over.effectiveAt ?? scheduledFor;
  const firedAt = over.firedAt === undefined ? effectiveAt + 20 : over.firedAt;
  const endedAt = over.endedAt ?? firedAt ?? effectiveAt + 20;
  return {
    executionId: eventId(key),
    key,
    scheduleId,
    scheduleName: null,
    scheduleVersion: 1,
    trigger: "schedule",
    outcome: "succeeded",
    reason: null,
    topic: "user.notifications",
    entityType: "user",
    entityId: null,
    action: "send_reminder",
    source: "api_request",
    correlationId: "reminder-123",
    priority: 0,
    scheduledFor,
    effectiveAt,
    firedAt,
    endedAt,
    latenessMs: latenessMs(effectiveAt, endedAt),
    late: false,
    publishMs: 3.5,
    attempts: [{ n: 1, at: endedAt, durationMs: 3.5, workerId: "w1", errorClass: null, error: null }],
    error: null,
    errorClass: null,
    workerId: "w1",
    partition: null,
    offset: null,
    actor: null,
    note: null,
    tier: "redis",
    enteredRedisAt: effectiveAt - 1000,
    payload: '{"user_id":123}',
    headers: {},
    rawValue: false,
    actorType: "system",
    actorId: "scheduler",
    ...over,
  };
}
