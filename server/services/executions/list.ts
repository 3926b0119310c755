import type { Outcome } from "~/server/domain/schedule";
import type { ExecutionRow, Page } from "~/server/domain/views";
import type { ExecutionQuery } from "~/server/ports/store/executions";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { iso } from "../schedules/view";
import type { ExecutionFilter, ExecutionHistogramInput, ListExecutionsInput } from "./inputs";
import { matchesExecution } from "./match";
import { executionRow } from "./view";

const OVERLAY_LIMIT = 2000;

/** Returns a page of the ledger, newest first, with executions that ClickHouse does not have yet in front. */
export async function listExecutions(call: { ctx: Ctx; input: ListExecutionsInput }): Promise<Page<ExecutionRow>> {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const { limit, cursor, ...filter } = call.input;
  const query: ExecutionQuery = { ...toQuery(filter), limit, cursor };
  // Read the outbox first: a row recorded between the two reads is then found by at least one.
  const unflushed = cursor === undefined ? await deps.hot.unflushed({ limit: OVERLAY_LIMIT }) : null;
  const stored = await deps.store.listExecutions(query);
  const known = new Set(stored.items.map((row) => row.executionId));
  const fresh = (unflushed?.executions ?? []).filter(
    (row) => !known.has(row.executionId) && matchesExecution(row, query),
  );
  const items = [...fresh, ...stored.items]
    .sort((a, b) => b.scheduledFor - a.scheduledFor || (a.executionId < b.executionId ? 1 : -1))
    // Never drop rows of ClickHouse: the cursor continues after the last of them.
    .slice(0, limit + fresh.length);
  return {
    items: items.map(executionRow),
    nextCursor: stored.nextCursor,
    total: stored.total + fresh.length,
    totalIsExact: stored.totalIsExact,
  };
}

/** Returns counts by bucket and outcome for the chart above the list. */
export async function executionHistogram(call: { ctx: Ctx; input: ExecutionHistogramInput }) {
  requireRight(call.ctx, "read");
  const { bucketSeconds, ...filter } = call.input;
  const rows = await call.ctx.deps.store.executionHistogram(toQuery(filter), bucketSeconds);
  return rows.map((row) => ({ ...row, at: iso(row.at) }));
}

/** `late` alone selects late successes; together with other states it adds nothing. */
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
