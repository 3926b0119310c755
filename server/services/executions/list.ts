import { hoursOfWeek } from "~/server/domain/chart-buckets";
import { fieldError } from "~/server/domain/errors";
import type { StoredExecution } from "~/server/domain/execution";
import { zoneOf } from "~/server/domain/recurrence/zone";
import type { Outcome } from "~/server/domain/schedule";
import type { ExecutionRow, Page } from "~/server/domain/views";
import type { ExecutionQuery, ExecutionSort } from "~/server/ports/store/executions";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { isRecordedOnly } from "../recorded-only";
import { iso } from "../schedules/view";
import type { ExecutionFilter, ExecutionHistogramInput, ListExecutionsInput } from "./inputs";
import { matchesExecution } from "./match";
import { executionRow } from "./view";

/** Maximum number of outbox rows to merge into a page. */
const OVERLAY_LIMIT = 2000;

/**
 * Returns a page of the ledger. The first page also has the executions that ClickHouse does not have yet, unless the
 * list is from ClickHouse alone (`isRecordedOnly`).
 */
export async function listExecutions(call: { ctx: Ctx; input: ListExecutionsInput }): Promise<Page<ExecutionRow>> {
  requireRight(call.ctx, "executions:read");
  const { limit, cursor, ...filter } = call.input;
  const query = { ...executionQuery(filter, call.ctx.deps.clock.now()), limit, cursor };
  const page = isRecordedOnly(call.ctx)
    ? { ...(await call.ctx.deps.store.listExecutions({ ...query, bare: true })), isRecordedOnly: true }
    : await readExecutions(call.ctx.deps, query);
  return { ...page, items: page.items.map(executionRow) };
}

/**
 * Converts a filter and a sort to a query. Throws what `toQuery` throws, and `validation_failed` for a sort by lateness
 * without `from`.
 */
export function executionQuery(
  { sort, ...filter }: Omit<ListExecutionsInput, "limit" | "cursor">,
  nowMs: number,
): Omit<ExecutionQuery, "limit" | "cursor"> {
  if (sort === "lateness" && filter.from === undefined) {
    throw fieldError("validation_failed", { field: "from", message: "is needed to sort by lateness" });
  }
  return { ...toQuery(filter, nowMs), sort };
}

/**
 * Reads a page of the ledger. Payloads and headers may be empty. The first page also has the executions that ClickHouse
 * does not have yet, merged in sort order.
 */
export async function readExecutions(deps: Deps, requested: ExecutionQuery): Promise<Page<StoredExecution>> {
  const { cursor, sort = "scheduled_for" } = requested;
  const query = { ...requested, bare: true };
  // Read the outbox first, so that a row that is recorded between the two reads is found.
  const unflushed = cursor === undefined ? await deps.hot.unflushed({ limit: OVERLAY_LIMIT }) : null;
  const stored = await deps.store.listExecutions(query);
  const known = new Set(stored.items.map((row) => row.executionId));
  const fresh = (unflushed?.executions ?? []).filter(
    (row) => !known.has(row.executionId) && matchesExecution(row, query),
  );
  // May have more than `limit` rows: the cursor continues after the last row of ClickHouse.
  const items = [...fresh, ...stored.items].sort(
    (a, b) => sortValue(b, sort) - sortValue(a, sort) || (a.executionId < b.executionId ? 1 : -1),
  );
  return {
    items,
    nextCursor: stored.nextCursor,
    total: stored.total + fresh.length,
    totalIsExact: stored.totalIsExact,
  };
}

/** The value by which ClickHouse sorts, in descending order. Executions that were never published come last. */
function sortValue(row: StoredExecution, sort: ExecutionSort): number {
  if (sort === "scheduled_for") return row.scheduledFor;
  return row.firedAt === null ? -1 : row.latenessMs;
}

/** Returns the numbers of executions by time bucket and outcome. */
export async function executionHistogram(call: { ctx: Ctx; input: ExecutionHistogramInput }) {
  requireRight(call.ctx, "executions:read");
  const { bucketSeconds, ...filter } = call.input;
  const rows = await call.ctx.deps.store.executionHistogram(toQuery(filter, call.ctx.deps.clock.now()), bucketSeconds);
  return rows.map((row) => ({ ...row, at: iso(row.at) }));
}

/**
 * Converts a filter to a query. The status `late` alone selects late successes. With outcomes it is ignored. Throws
 * `timezone_unknown`, and `validation_failed` for a filter by weekday or hour without a limited range.
 */
export function toQuery(filter: ExecutionFilter, nowMs: number): Omit<ExecutionQuery, "limit" | "cursor"> {
  const { from, to, status, weekday, hour, timezone, ...rest } = filter;
  // Also without a weekday or hour, so that a misspelt zone is never ignored.
  if (timezone !== undefined) zoneOf(timezone);
  const outcomes = status?.filter((s): s is Outcome => s !== "late");
  const isLateOnly = status !== undefined && status.length === 1 && status[0] === "late";
  return {
    ...rest,
    fromMs: from,
    toMs: to,
    ...(weekday === undefined && hour === undefined ? {} : weekTimes(filter, nowMs)),
    status: isLateOnly ? undefined : outcomes,
    late: isLateOnly ? true : undefined,
  };
}

const MAX_WEEK_RANGE_MS = 366 * 86_400_000;

/** Returns the hours that a filter by weekday or hour selects. Without `to`, the range ends now. */
function weekTimes(filter: ExecutionFilter, nowMs: number): Pick<ExecutionQuery, "toMs" | "hoursMs"> {
  const { from: fromMs, to: toMs = nowMs, weekday, hour, timezone = "UTC" } = filter;
  if (fromMs === undefined || toMs - fromMs > MAX_WEEK_RANGE_MS) {
    const message = fromMs === undefined ? "is missing" : "is too early";
    const expected = "a time at most 366 days before to, if weekday or hour is given";
    throw fieldError("validation_failed", { field: "from", message, expected });
  }
  return { toMs, hoursMs: hoursOfWeek({ fromMs, toMs, timezone, weekday, hour }) };
}
