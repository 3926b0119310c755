import type { StoredExecution } from "~/server/domain/execution";
import type { Outcome } from "~/server/domain/schedule";
import type { ExecutionRow, Page } from "~/server/domain/views";
import type { ExecutionQuery } from "~/server/ports/store/executions";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { iso } from "../schedules/view";
import type { ExecutionFilter, ExecutionHistogramInput, ListExecutionsInput } from "./inputs";
import { executionRow } from "./view";

const OVERLAY_LIMIT = 2000;

/** A page of the ledger, newest first, with the executions that ClickHouse does not have yet in front. */
export async function listExecutions(call: { ctx: Ctx; input: ListExecutionsInput }): Promise<Page<ExecutionRow>> {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const { limit, cursor, ...filter } = call.input;
  const query: ExecutionQuery = { ...toQuery(filter), limit, cursor };
  // The outbox first: what is recorded between the two looks is found by one of them.
  const unflushed = cursor === undefined ? await deps.hot.unflushed({ limit: OVERLAY_LIMIT }) : null;
  const stored = await deps.store.listExecutions(query);
  const known = new Set(stored.items.map((row) => row.executionId));
  const fresh = (unflushed?.executions ?? []).filter((row) => !known.has(row.executionId) && matches(row, query));
  const items = [...fresh, ...stored.items]
    .sort((a, b) => b.scheduledFor - a.scheduledFor || (a.executionId < b.executionId ? 1 : -1))
    // Never cut rows of ClickHouse: the cursor goes on after the last of them.
    .slice(0, limit + fresh.length);
  return {
    items: items.map(executionRow),
    nextCursor: stored.nextCursor,
    total: stored.total + fresh.length,
    totalIsExact: stored.totalIsExact,
  };
}

/** Counts by bucket and outcome for the bars above the list. */
export async function executionHistogram(call: { ctx: Ctx; input: ExecutionHistogramInput }) {
  requireRight(call.ctx, "read");
  const { bucketSeconds, ...filter } = call.input;
  const rows = await call.ctx.deps.store.executionHistogram(toQuery(filter), bucketSeconds);
  return rows.map((row) => ({ ...row, at: iso(row.at) }));
}

/** `late` among the states means succeeded and late; alone it narrows to those. */
function toQuery(filter: ExecutionFilter): Omit<ExecutionQuery, "limit" | "cursor"> {
  const { from, to, status, ...rest } = filter;
  const outcomes = status?.filter((s): s is Outcome => s !== "late");
  const lateOnly = status !== undefined && status.length === 1 && status[0] === "late";
  return {
    ...rest,
    fromMs: from,
    toMs: to,
    status: lateOnly ? undefined : outcomes,
    late: lateOnly ? true : undefined,
  };
}

function matches(row: StoredExecution, query: ExecutionQuery): boolean {
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
    (query.q === undefined || text(row).includes(query.q.toLowerCase()))
  );
}

function text(row: StoredExecution): string {
  return [
    row.scheduleName ?? "",
    row.scheduleId,
    row.executionId,
    row.correlationId,
    row.entityId ?? "",
    row.error ?? "",
  ]
    .join("\n")
    .toLowerCase();
}
