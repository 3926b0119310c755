/** Ticks do not show edits, so the page is refreshed at least this often. */
const MAX_QUIET_MS = 10_000;

/** A tick of the server: its time as ISO 8601, and counts of occurrences. */
export interface Tick {
  at: string;
  pending: number;
  running: number;
  firedSinceLast: number;
}

/** The pending and running counts of the last refresh in one text, and its time (epoch ms; 0 before any refresh). */
export interface LastRefresh {
  numbers: string;
  at: number;
}

export const NO_REFRESH: LastRefresh = { numbers: "", at: 0 };

/**
 * Whether a tick refreshes the page, and the refresh to compare the next tick with. A held page (`isHeld`) is not
 * refreshed. If a tick reports a change during the hold, the first tick after the hold refreshes the page.
 */
export function afterTick(last: LastRefresh, tick: Tick, isHeld: boolean): { last: LastRefresh; refreshes: boolean } {
  const at = Date.parse(tick.at);
  const numbers = `${tick.pending} ${tick.running}`;
  // The page has just loaded, so the first tick is only the baseline.
  if (last.at === 0) return { last: { numbers, at }, refreshes: false };
  const isDue = tick.firedSinceLast > 0 || numbers !== last.numbers || at - last.at >= MAX_QUIET_MS;
  if (!isDue) return { last, refreshes: false };
  // "held" differs from all numbers, so the first tick after the hold is due.
  return isHeld
    ? { last: { numbers: "held", at: last.at }, refreshes: false }
    : { last: { numbers, at }, refreshes: true };
}
