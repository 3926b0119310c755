import { overlay } from "~/server/domain/overlay";
import type { Page, ScheduleListItem } from "~/server/domain/views";
import type { ScheduleQuery, ScheduleSort } from "~/server/ports/store/schedules";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { OVERLAY_LIMIT } from "./current";
import type { ListSchedulesInput, ScheduleFilterInput } from "./inputs";
import { compareBy, matchesQuery } from "./match";
import { eventNames } from "./older-names";
import { iso, scheduleListItem } from "./view";

const RECENT_RUNS = 20;
/** An active schedule that has been due for longer than this is overdue. */
const OVERDUE_AFTER_MS = 60_000;

/**
 * Returns a page of schedules by filter and sort, keyset-paged, with rows that ClickHouse does not have yet overmerged.
 */
export async function listSchedules(call: { ctx: Ctx; input: ListSchedulesInput }): Promise<Page<ScheduleListItem>> {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const query = toQuery(call.input, deps.clock.now());
  // Read the outbox first: a row recorded between the two reads is then found by at least one.
  const unflushed = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const stored = await deps.store.listSchedules(query, RECENT_RUNS);
  const hot = await deps.hot.getMany(
    stored.items.map((row) => row.scheduleId),
    { bare: true },
  );
  const changes = [...hot.filter((row) => row !== null), ...unflushed.schedules];
  const merged = overlay({
    page: stored.items,
    changes,
    matches: (schedule) => matchesQuery(schedule, query),
    compare: compareBy(query),
    firstPage: query.cursor === undefined,
    limit: query.limit,
  });
  // Overmerged rows are not in ClickHouse yet and have no recent runs there.
  return {
    items: merged.items.map((schedule) =>
      scheduleListItem(
        schedule,
        (stored.recent.get(schedule.scheduleId) ?? []).map((run) => ({ ...run, scheduledFor: iso(run.scheduledFor) })),
      ),
    ),
    nextCursor: stored.nextCursor,
    total: Math.max(0, stored.total + merged.added - merged.removed),
    totalIsExact: stored.totalIsExact,
  };
}

/** Translates the caller's filter into the store's; the older names `event_type` and `event_action` are aliases. */
export function filterQuery(
  filter: ScheduleFilterInput,
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
