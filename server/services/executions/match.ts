import { errorShape } from "~/server/domain/error-shape";
import type { StoredExecution } from "~/server/domain/execution";
import type { ExecutionQuery } from "~/server/ports/store/executions";

const HOUR_MS = 3_600_000;

/**
 * Whether a row that ClickHouse does not have yet matches the filter of the store's query. The row counts as undecided,
 * because a decision is recorded after its row.
 */
export function matchesExecution(row: StoredExecution, query: Omit<ExecutionQuery, "limit" | "cursor">): boolean {
  const within = <T>(wanted: readonly T[] | undefined, value: T) =>
    wanted === undefined || wanted.length === 0 || wanted.includes(value);
  return (
    (query.scheduleId === undefined || row.scheduleId === query.scheduleId) &&
    (query.fromMs === undefined || row.scheduledFor >= query.fromMs) &&
    (query.toMs === undefined || row.scheduledFor < query.toMs) &&
    (query.hoursMs === undefined || query.hoursMs.includes(Math.floor(row.scheduledFor / HOUR_MS) * HOUR_MS)) &&
    within(query.status, row.outcome) &&
    (query.late === undefined || row.late === query.late) &&
    within(query.topic, row.topic) &&
    within(query.trigger, row.trigger) &&
    within(query.source, row.source) &&
    (query.errorClass === undefined || row.errorClass === query.errorClass) &&
    (!query.errorShape || errorShape(row.error) === query.errorShape) &&
    (!query.reason || row.reason === query.reason) &&
    (!query.correlationId || row.correlationId === query.correlationId) &&
    (query.retried === undefined || row.attempts.length > 1 === query.retried) &&
    query.decided !== true &&
    (query.q === undefined || searchableText(row).includes(query.q.toLowerCase()))
  );
}

function searchableText(row: StoredExecution): string {
  const { scheduleName, scheduleId, executionId, correlationId, entityId, error } = row;
  return [scheduleName ?? "", scheduleId, executionId, correlationId, entityId ?? "", error ?? ""]
    .join("\n")
    .toLowerCase();
}
