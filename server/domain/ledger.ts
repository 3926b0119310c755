import type { EndReasonOf, SkipReason } from "./choices";
import { isDataFault } from "./data-fault";
import { type Execution, latenessMs } from "./execution";
import { eventId, occurrenceKey } from "./ids";
import { effectiveTime } from "./jitter";
import { headerPairs } from "./message-headers";
import { isRecurring, occurrencesOf, type PlannedOccurrence, recurrenceOf } from "./plan";
import { type Occurrence, skippedByDstUntil } from "./recurrence";
import type { Schedule } from "./schedule";

interface UnrunOccurrence {
  schedule: Schedule;
  time: PlannedOccurrence;
  nowMs: number;
  actor: string | null;
}

/** The ledger's row of a skipped occurrence. `note`: the note of the pause. */
export function skippedExecution(input: UnrunOccurrence & { reason: SkipReason; note?: string | null }): Execution {
  return notRunRow({ ...input, outcome: "skipped" });
}

/** The rows of occurrences that `dst_gap: skip` skips. */
export function gapRows(schedule: Schedule, times: readonly Occurrence[], nowMs: number): Execution[] {
  return times.map(({ nominalMs }) => {
    const time = { nominalMs, effectiveMs: nominalMs };
    return skippedExecution({ schedule, time, nowMs, reason: "dst_gap", actor: null });
  });
}

/** Maximum number of rows that an edit, pause or delete writes for due, unclaimed occurrences. */
const OVERDUE_LIMIT = 10_000;

interface Removal {
  schedule: Schedule;
  nowMs: number;
  outcome: "skipped" | "cancelled";
  reason: EndReasonOf<"skipped" | "cancelled">;
  actor: string;
  note?: string | null;
}

/**
 * The rows of due, unclaimed occurrences, for a change that removes them from the plan. Includes the rows of
 * occurrences that `dst_gap: skip` skipped until now. Redis drops rows of occurrences that were claimed meanwhile.
 */
export function overdueExecutions(input: Removal): Execution[] {
  const { schedule, nowMs } = input;
  const nextMs = schedule.state.nextExecution;
  if (nextMs === null || !schedule.enabled) return [];
  if (!isRecurring(schedule)) {
    return nextMs > nowMs ? [] : [notRunRow({ ...input, time: oneTimeOccurrence(schedule, nextMs) })];
  }
  const range = { afterMs: nextMs - 1, untilMs: nowMs, limit: OVERDUE_LIMIT };
  const due = nextMs > nowMs ? [] : dueTimes(schedule, range).map((time) => notRunRow({ ...input, time }));
  return [...dstSkippedRowsUntil(schedule, nowMs), ...due].sort((a, b) => a.scheduledFor - b.scheduledFor);
}

/** The rows of occurrences that `dst_gap: skip` skipped since the last decided occurrence, for the end of a plan. */
export function dstSkippedRowsUntil(schedule: Schedule & { cronExpression: string }, nowMs: number): Execution[] {
  const nextMs = schedule.state.nextExecution;
  if (nextMs === null || schedule.dstGap !== "skip") return [];
  const sinceMs = schedule.plannedSince ?? schedule.createdAt;
  try {
    return gapRows(schedule, skippedByDstUntil(recurrenceOf(schedule), { nextMs, sinceMs, untilMs: nowMs }), nowMs);
  } catch (error) {
    // A schedule whose cron or zone is no longer valid can still be edited or deleted.
    if (!isDataFault(error)) throw error;
    return [];
  }
}

/**
 * The due occurrences. If the cron or zone is no longer valid, returns only the known next time, so that the schedule
 * can be edited or deleted.
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

/** The row of an occurrence that did not run, because its schedule was deleted. */
export function cancelledExecution(input: UnrunOccurrence): Execution {
  return notRunRow({ ...input, outcome: "cancelled", reason: "deleted" });
}

/**
 * The rows of the occurrences that a delete cancels: due occurrences of a recurring schedule, or the occurrence of a
 * one-time schedule that is not completed.
 */
export function cancelledExecutions(input: { schedule: Schedule; nowMs: number; actor: string }): Execution[] {
  const { schedule } = input;
  const removal = { ...input, outcome: "cancelled", reason: "deleted" } as const;
  if (isRecurring(schedule)) return overdueExecutions(removal);
  if (schedule.state.completed || schedule.executionTime === null) return [];
  return [notRunRow({ ...removal, time: oneTimeOccurrence(schedule, schedule.executionTime) })];
}

export function oneTimeOccurrence({ scheduleId, jitterSeconds }: Schedule, nominalMs: number): PlannedOccurrence {
  return { nominalMs, effectiveMs: effectiveTime({ scheduleId, nominalMs, jitterSeconds, nextNominalMs: null }) };
}

function notRunRow(
  input: UnrunOccurrence & {
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
    payload: schedule.payload,
    headers: schedule.headers,
    rawValue: schedule.rawValue,
    actorType: schedule.actorType,
    actorId: schedule.actorId,
  };
}

/** Maximum number of characters of payloads and headers in the rows of one write. */
const MAX_CONTENT_CHARS = 1_000_000;

/**
 * Leaves payload and headers out of the rows if they are too large for one write, because the rows of a long pause may
 * repeat one payload thousands of times. Pages then show the schedule's payload and headers.
 */
export function boundContent(executions: readonly Execution[]): readonly Execution[] {
  let chars = 0;
  for (const { payload, headers } of executions) {
    chars += payload.length + headerChars(headers);
    if (chars > MAX_CONTENT_CHARS) return executions.map((row) => ({ ...row, payload: "", headers: {} }));
  }
  return executions;
}

function headerChars(headers: Execution["headers"]): number {
  return headerPairs(headers).reduce((sum, [name, value]) => sum + name.length + (value?.length ?? 0), 0);
}
