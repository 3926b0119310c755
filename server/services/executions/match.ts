import type { StoredExecution } from "~/server/domain/execution";
import type { ExecutionQuery } from "~/server/ports/store/executions";

/**
 * The store's WHERE in TypeScript, for rows that ClickHouse does not have yet. They have no decision, because a
 * decision needs the recorded row.
 */
export function matchesExecution(row: StoredExecution, query: Omit<ExecutionQuery, "limit" | "cursor">): boolean {
  const within = <T>(wanted: readonly T[] | undefined, value: T) =>
    wanted === undefined || wanted.length === 0 || wanted.includes(value);
  return (
    (query.scheduleId === undefined || row.scheduleId === query.scheduleId) &&
    (query.fromMs === undefined || row.scheduledFor >= query.fromMs) &&
    (query.toMs === undefined || row.scheduledFor < query.toMs) &&
    within(query.status, row.outcome) &&
    (query.late === undefined || row.late === query.late) &&
    within(query.topic, row.topic) &&
    within(query.trigger, row.trigger) &&
    within(query.source, row.source) &&
    (query.errorClass === undefined || row.errorClass === query.errorClass) &&
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
