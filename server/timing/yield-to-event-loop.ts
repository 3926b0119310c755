import { setImmediate as nextTurn } from "node:timers/promises";

/** How long one task may block the event loop. Short, so that a due event need not wait for a large batch. */
const SLICE_MS = 4;

/**
 * For long loops: call the returned function in each iteration, and await its result if it is not null.
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
