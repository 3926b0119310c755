import { ownershipOf, sourceIdPrefix } from "~/server/domain/as-code/ownership";
import type { Schedule } from "~/server/domain/schedule";
import type { ScheduleQuery } from "~/server/ports/store/schedules";
import type { Deps } from "../ctx";
import { findSchedules, OVERLAY_LIMIT } from "../newest-schedules";
import { readSchedules } from "../schedules/list";

const PAGE = 1000;
/** How many complete rows, with payloads, are read at once. */
const ROWS = 500;

/** The newest rows of schedules, with payloads, without deleted ones. */
export async function liveSchedules(deps: Deps, ids: readonly string[]): Promise<Schedule[]> {
  const found: Schedule[] = [];
  for (let from = 0; from < ids.length; from += ROWS) {
    const rows = await findSchedules(deps, ids.slice(from, from + ROWS));
    found.push(...[...rows.values()].filter(({ state }) => !state.deleted));
  }
  return found;
}

/** The ids of all schedules that match, and of some that do not, because their newest rows are not recorded yet. */
export async function matchingIds(deps: Deps, filter: Partial<ScheduleQuery>): Promise<string[]> {
  // While many changes are not recorded, a list leaves out schedules of which only the unrecorded row matches.
  const { schedules } = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const ids = new Set(schedules.map(({ scheduleId }) => scheduleId));
  for (let cursor: string | undefined; ; ) {
    const query: ScheduleQuery = {
      ...filter,
      ...{ sort: "created_at", descending: false, bare: true, uncounted: true, limit: PAGE, cursor },
    };
    const { items, nextCursor } = await readSchedules(deps, query, 0);
    for (const { scheduleId } of items) ids.add(scheduleId);
    if (nextCursor === null) return [...ids];
    cursor = nextCursor;
  }
}

/** The schedules of an owner's document that the caller may see. */
export async function ownedSchedules(deps: Deps, owner: string): Promise<Schedule[]> {
  const ids = await matchingIds(deps, { source: ["code"], sourceIdPrefix: sourceIdPrefix(owner) });
  return (await liveSchedules(deps, ids)).filter((schedule) => ownershipOf(schedule)?.owner === owner);
}
