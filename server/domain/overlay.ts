import type { Schedule } from "./schedule";

/**
 * Merges changes that ClickHouse does not have yet into a page, so that callers read their own writes. A changed row
 * replaces the older one, or leaves the page if it no longer matches. New matches are added to the first page only, in
 * sort order.
 *
 * @param changes newest first
 */
export function overlay(input: {
  page: readonly Schedule[];
  changes: readonly Schedule[];
  matches: (schedule: Schedule) => boolean;
  compare: (a: Schedule, b: Schedule) => number;
  firstPage: boolean;
  limit: number;
}): { items: Schedule[]; added: number; removed: number } {
  const newest = new Map<string, Schedule>();
  const uncatalogued = new Set<string>();
  for (const change of input.changes) {
    if (change.state.revision === 1) uncatalogued.add(change.scheduleId);
    const known = newest.get(change.scheduleId);
    if (known === undefined || known.state.revision < change.state.revision) newest.set(change.scheduleId, change);
  }
  const items: Schedule[] = [];
  let removed = 0;
  for (const row of input.page) {
    const change = newest.get(row.scheduleId);
    newest.delete(row.scheduleId);
    const current = change !== undefined && change.state.revision > row.state.revision ? change : row;
    if (!current.state.deleted && input.matches(current)) items.push(current);
    else removed += 1;
  }
  if (!input.firstPage) return { items, added: 0, removed };
  // Only schedules that ClickHouse does not have at all: any other is on some page there, and counted there.
  const fresh = [...newest.values()].filter(
    (row) => uncatalogued.has(row.scheduleId) && !row.state.deleted && input.matches(row),
  );
  items.push(...fresh);
  items.sort(input.compare);
  return { items: items.slice(0, input.limit), added: fresh.length, removed };
}
