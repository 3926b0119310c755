import type { Schedule } from "./schedule";

/**
 * Lays changes that ClickHouse does not have yet over a page read from it, so that a caller reads their own writes.
 * A changed row replaces its older copy, or leaves the page if it no longer matches; new matches join the first page
 * only, where the sort puts them.
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
  const unborn = new Set<string>();
  for (const change of input.changes) {
    if (change.state.revision === 1) unborn.add(change.scheduleId);
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
  // Only those whose very first row is unflushed: any other one lies on some page of ClickHouse and is counted there.
  const fresh = [...newest.values()].filter((s) => unborn.has(s.scheduleId) && !s.state.deleted && input.matches(s));
  items.push(...fresh);
  items.sort(input.compare);
  return { items: items.slice(0, input.limit), added: fresh.length, removed };
}
