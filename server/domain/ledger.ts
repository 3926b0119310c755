import type { EndReasonOf, SkipReason } from "./choices";
import { isDataFault } from "./data-fault";
import { type Execution, latenessMs } from "./execution";
import { eventId, occurrenceKey } from "./ids";
import { effectiveTime } from "./jitter";
import { isRecurring, occurrencesOf, type PlannedOccurrence, recurrenceOf } from "./plan";
import { leftOutUntil, type Occurrence } from "./recurrence";
import type { Schedule } from "./schedule";

interface Unrun {
  schedule: Schedule;
  time: PlannedOccurrence;
  nowMs: number;
  actor: string | null;
}

/** The ledger's row of an occurrence that is not run, with its reason; `note` is the one of the pause. */
export function skippedExecution(input: Unrun & { reason: SkipReason; note?: string | null }): Execution {
  return unrun({ ...input, outcome: "skipped" });
}

/** Rows of what `dst_gap: skip` leaves out. */
export function gapRows(schedule: Schedule, times: readonly Occurrence[], nowMs: number): Execution[] {
  return times.map(({ nominalMs }) => {
    const time = { nominalMs, effectiveMs: nominalMs };
    return skippedExecution({ schedule, time, nowMs, reason: "dst_gap", actor: null });
  });
}

/** The most rows that one edit, pause or delete writes for what was due and not yet claimed. */
const OVERDUE_LIMIT = 10_000;

interface Leaving {
  schedule: Schedule;
  nowMs: number;
  outcome: "skipped" | "cancelled";
  reason: EndReasonOf<"skipped" | "cancelled">;
  actor: string;
  note?: string | null;
}

/**
 * The rows of what is due at this moment and not claimed, for a change that takes it out of the plan: a worker's outage
 * has left it so. With what `dst_gap: skip` has left out up to now. Redis drops those that were claimed between this
 * look and the change.
 */
export function overdueExecutions(input: Leaving): Execution[] {
  const { schedule, nowMs } = input;
  const nextMs = schedule.state.nextExecution;
  if (nextMs === null || !schedule.enabled) return [];
  if (!isRecurring(schedule)) return nextMs > nowMs ? [] : [unrun({ ...input, time: onceOf(schedule, nextMs) })];
  const range = { afterMs: nextMs - 1, untilMs: nowMs, limit: OVERDUE_LIMIT };
  const due = nextMs > nowMs ? [] : dueTimes(schedule, range).map((time) => unrun({ ...input, time }));
  return [...gapsUntil(schedule, nowMs), ...due].sort((a, b) => a.scheduledFor - b.scheduledFor);
}

/**
 * The rows of what `dst_gap: skip` has left out behind the last occurrence that was decided, for a change that ends or
 * replaces the plan.
 */
export function gapsUntil(schedule: Schedule & { cronExpression: string }, nowMs: number): Execution[] {
  const nextMs = schedule.state.nextExecution;
  if (nextMs === null || schedule.dstGap !== "skip") return [];
  const sinceMs = schedule.plannedSince ?? schedule.createdAt;
  try {
    return gapRows(schedule, leftOutUntil(recurrenceOf(schedule), { nextMs, sinceMs, untilMs: nowMs }), nowMs);
  } catch (error) {
    if (!isDataFault(error)) throw error;
    return [];
  }
}

/**
 * Of a schedule whose cron or zone cannot be read any more, the one that is known: it must be possible to pause, mend
 * or delete it.
 */
function dueTimes(
  schedule: Schedule & { cronExpression: string },
  range: { afterMs: number; untilMs: number; limit: number },
): PlannedOccurrence[] {
  try {
    return occurrencesOf(schedule, range);
  } catch (error) {
    if (!isDataFault(error)) throw error;
    const nominalMs = range.afterMs + 1;
    return [{ nominalMs, effectiveMs: nominalMs }];
  }
}

/** The row of an occurrence that was taken out of the plan by a delete. */
export function cancelledExecution(input: Unrun): Execution {
  return unrun({ ...input, outcome: "cancelled", reason: "deleted" });
}

/** The row of a one-time schedule that is deleted before its time; none where it is over. */
export function cancelledExecutions(input: { schedule: Schedule; nowMs: number; actor: string }): Execution[] {
  const { schedule } = input;
  const given = { ...input, outcome: "cancelled", reason: "deleted" } as const;
  if (isRecurring(schedule)) return overdueExecutions(given);
  if (schedule.state.completed || schedule.executionTime === null) return [];
  return [unrun({ ...given, time: onceOf(schedule, schedule.executionTime) })];
}

/** The time of a one-time schedule. */
export function onceOf({ scheduleId, jitterSeconds }: Schedule, nominalMs: number): PlannedOccurrence {
  return { nominalMs, effectiveMs: effectiveTime({ scheduleId, nominalMs, jitterSeconds, nextNominalMs: null }) };
}

function unrun(
  input: Unrun & {
    outcome: "skipped" | "cancelled";
    reason: EndReasonOf<"skipped" | "cancelled">;
    note?: string | null;
  },
): Execution {
  const { schedule, nowMs } = input;
  const { nominalMs, effectiveMs } = input.time;
  const key = occurrenceKey(schedule.scheduleId, nominalMs);
  return {
    executionId: eventId(key),
    key,
    scheduleId: schedule.scheduleId,
    scheduleName: schedule.name,
    scheduleVersion: schedule.version,
    trigger: "schedule",
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
    effectiveAt: effectiveMs,
    firedAt: null,
    endedAt: nowMs,
    latenessMs: latenessMs(effectiveMs, nowMs),
    late: false,
    publishMs: null,
    attempts: [],
    error: null,
    errorClass: null,
    workerId: "",
    partition: null,
    offset: null,
    actor: input.actor,
    note: input.note ?? null,
    tier: "redis",
    enteredRedisAt: nominalMs,
    payload: "",
    headers: {},
  };
}
