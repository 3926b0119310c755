import { isDataFault } from "./data-fault";

/** An item that could not be processed even alone, with the error that it caused. */
export interface Offender<T> {
  item: T;
  /** Its place in the list that was given. */
  index: number;
  error: Error;
}

/**
 * Runs a batch step so that a bad item costs only itself. The whole list is tried first. If that throws an error about
 * the data, each half is tried, in order, until the offenders are alone; they are answered, and all others have been
 * processed.
 *
 * `run` may be called again for items that an earlier call processed in part, so it must be idempotent. One bad item
 * among n costs about 2·log2(n) more calls, n bad ones 2n - 1. Any other error (an outage) ends it at once and is
 * thrown on.
 *
 * @param run processes a part of the list; `range` is where the part lies in it, `to` excluded
 */
export async function byHalves<T>(
  items: readonly T[],
  run: (part: readonly T[], range: { from: number; to: number }) => Promise<void>,
): Promise<Offender<T>[]> {
  const offenders: Offender<T>[] = [];

  async function attempt(from: number, to: number): Promise<void> {
    try {
      await run(from === 0 && to === items.length ? items : items.slice(from, to), { from, to });
    } catch (error) {
      if (!isDataFault(error)) throw error;
      if (to - from === 1) {
        offenders.push({ item: items[from] as T, index: from, error });
        return;
      }
      const middle = from + Math.ceil((to - from) / 2);
      await attempt(from, middle);
      await attempt(middle, to);
    }
  }

  if (items.length > 0) await attempt(0, items.length);
  return offenders;
}
