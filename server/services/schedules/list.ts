import { overlay } from "~/server/domain/overlay";
import type { Page, ScheduleRow } from "~/server/domain/views";
import type { ScheduleQuery, ScheduleSort } from "~/server/ports/store/schedules";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { OVERLAY_LIMIT } from "./current";
import type { ListSchedulesInput, ScheduleFilter } from "./inputs";
import { compareBy, matchesQuery } from "./match";
import { eventNames } from "./older-names";
import { iso, scheduleRow } from "./view";

const RECENT_RUNS = 20;
/** Active and due longer ago than this counts as overdue. */
const OVERDUE_AFTER_MS = 60_000;

/** A page of schedules by filter and sort, keyset-paged, with what ClickHouse does not have yet laid over it. */
export async function listSchedules(call: { ctx: Ctx; input: ListSchedulesInput }): Promise<Page<ScheduleRow>> {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const query = toQuery(call.input, deps.clock.now());
  // The outbox first: what is recorded between the two looks is found by one of them.
  const unflushed = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const stored = await deps.store.listSchedules(query, RECENT_RUNS);
  const hot = await deps.hot.getMany(
    stored.items.map((row) => row.scheduleId),
    { bare: true },
  );
  const changes = [...hot.filter((row) => row !== null), ...unflushed.schedules];
  const laid = overlay({
    page: stored.items,
    changes,
    matches: (schedule) => matchesQuery(schedule, query),
    compare: compareBy(query),
    firstPage: query.cursor === undefined,
    limit: query.limit,
  });
  // What joins the page is not in ClickHouse yet, and has no runs there.
  return {
    items: laid.items.map((schedule) =>
      scheduleRow(
        schedule,
        (stored.recent.get(schedule.scheduleId) ?? []).map((run) => ({ ...run, scheduledFor: iso(run.scheduledFor) })),
      ),
    ),
    nextCursor: stored.nextCursor,
    total: Math.max(0, stored.total + laid.added - laid.removed),
    totalIsExact: stored.totalIsExact,
  };
}

/** The caller's filter in the store's words; the older names `event_type` and `event_action` mean the same. */
export function filterQuery(
  filter: ScheduleFilter,
  nowMs: number,
): Omit<ScheduleQuery, "sort" | "descending" | "limit" | "cursor"> {
  const { overdue, eventType: _t, eventAction: _a, ...rest } = filter;
  return {
    ...rest,
    ...eventNames(filter),
    overdueAt: overdue ? nowMs - OVERDUE_AFTER_MS : undefined,
  };
}

function toQuery(input: ListSchedulesInput, nowMs: number): ScheduleQuery {
  const { sort, limit, cursor, ...filter } = input;
  return {
    ...filterQuery(filter, nowMs),
    sort: sort.replace(/^-/, "") as ScheduleSort,
    descending: sort.startsWith("-"),
    limit,
    cursor,
  };
}
