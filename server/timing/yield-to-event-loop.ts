import { setImmediate as nextTurn } from "node:timers/promises";

/** So long one thing may keep the process to itself: a due event waits no longer for the end of a large batch. */
const SLICE_MS = 4;

/**
 * For work in a long loop: call it in each round and wait for what it answers, if anything. Others run then.
 *
 *     const yieldIfDue = createYielder();
 *     for (const row of rows) {
 *       …
 *       const turn = yieldIfDue();
 *       if (turn) await turn;
 *     }
 */
export function createYielder(): () => Promise<void> | null {
  let since = performance.now();
  const turn = async () => {
    await nextTurn();
    since = performance.now();
  };
  return () => (performance.now() - since < SLICE_MS ? null : turn());
}
