import type { Schedule } from "./schedule";

/** A page of the store with the changes that the store does not have yet. */
export interface Overlaid {
  items: Schedule[];
  /** The last row of the page, even if it has left the page. Null if no rows follow the page. */
  end: Schedule | null;
  /** Number of schedules that the changes add to the whole list. */
  added: number;
  /** Number of rows that left the page. */
  removed: number;
}

/**
 * Merges unrecorded changes into a page, so that callers read their own writes. A changed row replaces the older row,
 * or leaves the page if it no longer matches. An added schedule is on the page on which it will be once it is recorded.
 *
 * @param page the store's rows in the list's order, at most `limit`
 * @param changes newest first
 * @param added the schedules of which the store has no row, or none that matches
 */
export function overlay(input: {
  page: readonly Schedule[];
  changes: readonly Schedule[];
  added: ReadonlySet<string>;
  matches: (schedule: Schedule) => boolean;
  compare: (a: Schedule, b: Schedule) => number;
  /** Whether a schedule comes after the preceding page. */
  isAfter: (schedule: Schedule) => boolean;
  /** Whether the store has more rows after this page. */
  hasMore: boolean;
  limit: number;
}): Overlaid {
  const { page, compare, hasMore, limit } = input;
  const newest = newestChanges(input.changes);
  const known = new Set(page.map((row) => row.scheduleId));
  // Every other schedule is on some page already.
  const fresh = [...newest.values()]
    .filter((row) => input.added.has(row.scheduleId) && !known.has(row.scheduleId))
    .filter((row) => !row.state.deleted && input.matches(row));
  const last = page.at(-1);
  const isOnPage = (row: Schedule) => input.isAfter(row) && !(hasMore && last !== undefined && compare(row, last) > 0);
  const merged = mergeSorted(page, fresh.filter(isOnPage).sort(compare), compare);
  const kept = merged.slice(0, limit);
  const items = kept
    .map((row) => replaced(row, newest.get(row.scheduleId)))
    .filter((row) => !row.state.deleted && input.matches(row));
  return {
    items: items.sort(compare),
    end: hasMore || merged.length > limit ? (kept.at(-1) ?? null) : null,
    added: fresh.length,
    removed: kept.length - items.length,
  };
}

function newestChanges(changes: readonly Schedule[]): Map<string, Schedule> {
  const newest = new Map<string, Schedule>();
  for (const change of changes) {
    newest.set(change.scheduleId, newerOf(newest.get(change.scheduleId) ?? change, change));
  }
  return newest;
}

/**
 * The change, unless the row is newer. A claim advances the plan in Redis without a new revision, so a change of the
 * same revision has the newer next time. It has none while the last occurrence of a plan is in flight.
 */
function replaced(row: Schedule, change: Schedule | undefined): Schedule {
  if (change === undefined || change.state.revision < row.state.revision) return row;
  return change.state.revision === row.state.revision && change.state.nextExecution === null ? row : change;
}

/** The newer of two changes; of the same revision, the first, because changes are sorted newest first. */
function newerOf(row: Schedule, change: Schedule): Schedule {
  return change.state.revision > row.state.revision ? change : row;
}

/** Merges two lists. Keeps the order of `rows`, which may differ from `compare`. */
function mergeSorted(
  rows: readonly Schedule[],
  others: readonly Schedule[],
  compare: (a: Schedule, b: Schedule) => number,
): Schedule[] {
  const merged: Schedule[] = [];
  let next = 0;
  for (const row of rows) {
    for (let other = others[next]; other !== undefined && compare(other, row) < 0; other = others[++next]) {
      merged.push(other);
    }
    merged.push(row);
  }
  return [...merged, ...others.slice(next)];
}
