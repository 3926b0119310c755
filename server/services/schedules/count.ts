import type { Page, ScheduleListItem } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { OVERLAY_LIMIT } from "../newest-schedules";
import type { ScheduleFilterInput } from "./inputs";
import { filterQuery, newMatches, readSchedules } from "./list";
import { matchesQuery } from "./match";

/** Up to this number, the matches are read, because some may have changed since ClickHouse recorded them. */
const MAX_READ = 20;
const ORDER = { sort: "created_at", descending: true, limit: MAX_READ } as const;

/** Returns the total of a list. Reads the list only if it is short. */
export async function countSchedules(call: {
  ctx: Ctx;
  input: ScheduleFilterInput;
}): Promise<Pick<Page<ScheduleListItem>, "total" | "totalIsExact">> {
  requireRight(call.ctx, "schedules:read");
  const { deps } = call.ctx;
  const filter = filterQuery(call.input, deps.clock.now());
  // Read the outbox first, so that a row that is recorded between the two reads is found.
  const unflushed = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const query = { ...filter, ...ORDER };
  const changed = await newMatches(deps, query, unflushed);
  const stored = await deps.store.countSchedules(filter);
  if (stored.total > 0 && stored.total <= MAX_READ) {
    const { total, totalIsExact } = await readSchedules(deps, query, 0);
    return { total, totalIsExact };
  }
  const fresh = unflushed.schedules.filter(
    (row) => unflushed.created.has(row.scheduleId) && !row.state.deleted && matchesQuery(row, query),
  );
  return { total: stored.total + fresh.length + changed.length, totalIsExact: stored.totalIsExact };
}
