/** Ticks do not show edits, so the page is refreshed at least this often. */
const MAX_QUIET_MS = 10_000;

/** A tick of the server: its time as ISO 8601, and counts of occurrences. */
export interface Tick {
  at: string;
  pending: number;
  running: number;
  firedSinceLast: number;
}

/** The tick of the last refresh: its pending and running counts in one text, and its time (epoch ms; 0: none yet). */
export interface LastRefresh {
  numbers: string;
  at: number;
}

export const NO_REFRESH: LastRefresh = { numbers: "", at: 0 };

/**
 * Whether a tick refreshes the page, and the refresh to compare the next tick with. A held page (`isHeld`) is not
 * refreshed; if a tick reported a change meanwhile, the first tick after the hold refreshes the page.
 */
export function afterTick(last: LastRefresh, tick: Tick, isHeld: boolean): { last: LastRefresh; refreshes: boolean } {
  const at = Date.parse(tick.at);
  const numbers = `${tick.pending} ${tick.running}`;
  // The first tick is only the baseline: the page has just loaded.
  if (last.at === 0) return { last: { numbers, at }, refreshes: false };
  const isDue = tick.firedSinceLast > 0 || numbers !== last.numbers || at - last.at >= MAX_QUIET_MS;
  if (!isDue) return { last, refreshes: false };
  // Later ticks do not count what fires during the hold. "held" differs from all numbers, so the next tick is due.
  return isHeld
    ? { last: { numbers: "held", at: last.at }, refreshes: false }
    : { last: { numbers, at }, refreshes: true };
}
