import { sourceIdPrefix } from "~/server/domain/as-code/ownership";
import { decodeCursor, encodeCursor, sortToken } from "~/server/domain/cursor";
import { OVERDUE_AFTER_MS } from "~/server/domain/health-limits";
import { overlay } from "~/server/domain/overlay";
import type { Schedule } from "~/server/domain/schedule";
import type { Page, ScheduleListItem } from "~/server/domain/views";
import type { HotOutbox } from "~/server/ports/hot/outbox";
import type { RecentOutcomes, ScheduleQuery, ScheduleSort } from "~/server/ports/store/schedules";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { OVERLAY_LIMIT } from "../newest-schedules";
import { isRecordedOnly } from "../recorded-only";
import type { ListSchedulesInput, ScheduleFilterInput } from "./inputs";
import { compareBy, comparePositions, matchesQuery, positionOf } from "./match";
import { eventNames } from "./older-names";
import { iso, scheduleListItem } from "./view";

const RECENT_RUNS = 20;
/** Maximum number of changed schedules that are compared with their rows in ClickHouse. */
const MAX_COMPARED = 200;

/**
 * Returns a page of schedules, including those that ClickHouse does not have yet, unless the list is from ClickHouse
 * alone (`isRecordedOnly`).
 */
export async function listSchedules(call: { ctx: Ctx; input: ListSchedulesInput }): Promise<Page<ScheduleListItem>> {
  requireRight(call.ctx, "schedules:read");
  const { deps } = call.ctx;
  const { limit, cursor, ...filter } = call.input;
  const query = { ...scheduleQuery(filter, deps.clock.now()), limit, cursor };
  const { items, recent, ...page } = isRecordedOnly(call.ctx)
    ? { ...(await deps.store.listSchedules({ ...query, bare: true }, RECENT_RUNS)), isRecordedOnly: true }
    : await readSchedules(deps, query, RECENT_RUNS);
  // Schedules that are not in ClickHouse yet have no recent runs there.
  return {
    ...page,
    items: items.map((schedule) =>
      scheduleListItem(
        schedule,
        (recent.get(schedule.scheduleId) ?? []).map((run) => ({ ...run, scheduledFor: iso(run.scheduledFor) })),
      ),
    ),
  };
}

/**
 * Reads a page of schedules, including schedules that ClickHouse does not have yet. Payloads and headers may be empty.
 */
export async function readSchedules(
  deps: Deps,
  requested: ScheduleQuery,
  recentRuns: number,
): Promise<Page<Schedule> & { recent: RecentOutcomes }> {
  const query = { ...requested, bare: true };
  // Read the outbox first, so that a row that is recorded between the two reads is found.
  const unflushed = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const changed = await newMatches(deps, query, unflushed);
  const stored = await deps.store.listSchedules(query, recentRuns);
  const ids = new Set([...stored.items.map((row) => row.scheduleId), ...changed]);
  const hot = await deps.hot.getMany([...ids], { bare: true });
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor, cursorSpec(query));
  const merged = overlay({
    page: stored.items,
    changes: [...hot.filter((row) => row !== null), ...unflushed.schedules],
    added: new Set([...unflushed.created, ...changed]),
    matches: (schedule) => matchesQuery(schedule, query),
    compare: compareBy(query),
    isAfter: (schedule) => after === null || comparePositions(query, positionOf(schedule, query), after) > 0,
    hasMore: stored.nextCursor !== null,
    limit: query.limit,
  });
  return {
    items: merged.items,
    recent: stored.recent,
    nextCursor: merged.end === null ? null : encodeCursor(cursorSpec(query).sort, positionOf(merged.end, query)),
    total: Math.max(0, stored.total + merged.added - merged.removed),
    totalIsExact: stored.totalIsExact,
  };
}

type Unflushed = Awaited<ReturnType<HotOutbox["unflushed"]>>;

/**
 * Returns the ids of schedules that match only by a change that is not recorded yet. With more than `MAX_COMPARED`
 * changes, returns none, so that lists stay fast: these schedules are listed once they are recorded.
 */
export async function newMatches(
  deps: Deps,
  query: ScheduleQuery,
  { schedules, created }: Unflushed,
): Promise<readonly string[]> {
  // Without a filter, all rows that are not deleted match.
  if (!isFiltered(query)) return [];
  const matches = (row: Schedule) => !row.state.deleted && matchesQuery(row, query);
  const ids = schedules.filter((row) => !created.has(row.scheduleId) && matches(row)).map((row) => row.scheduleId);
  if (ids.length === 0 || ids.length > MAX_COMPARED) return [];
  const stored = (await deps.store.getSchedules(ids, { bare: true })).filter(matches);
  const known = new Set(stored.map((row) => row.scheduleId));
  return ids.filter((id) => !known.has(id));
}

function isFiltered({
  sort: _s,
  descending: _d,
  limit: _l,
  cursor: _c,
  bare: _b,
  uncounted: _u,
  ...filter
}: ScheduleQuery) {
  return Object.values(filter).some((value) => value !== undefined);
}

/** The name of the list's sort in a cursor, and the type of the sort values in it. */
function cursorSpec({ sort, descending }: ScheduleQuery): { sort: string; type: "string" | "number" } {
  return { sort: sortToken(sort, descending), type: sort === "name" ? "string" : "number" };
}

/** Converts the caller's filter to the store's. */
export function filterQuery(
  filter: ScheduleFilterInput,
  nowMs: number,
): Omit<ScheduleQuery, "sort" | "descending" | "limit" | "cursor"> {
  const { overdue, owner, eventType: _t, eventAction: _a, ...rest } = filter;
  return {
    ...rest,
    ...eventNames(filter),
    sourceIdPrefix: owner === undefined ? undefined : sourceIdPrefix(owner),
    overdueBefore: overdue ? nowMs - OVERDUE_AFTER_MS : undefined,
  };
}

export function scheduleQuery(
  { sort, ...filter }: Omit<ListSchedulesInput, "limit" | "cursor">,
  nowMs: number,
): Omit<ScheduleQuery, "limit" | "cursor"> {
  return {
    ...filterQuery(filter, nowMs),
    sort: sort.replace(/^-/, "") as ScheduleSort,
    descending: sort.startsWith("-"),
  };
}
