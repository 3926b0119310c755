import { isDataFault } from "./data-fault";

/** An item that fails even on its own, with its error. */
export interface Offender<T> {
  item: T;
  index: number;
  error: Error;
}

/**
 * Runs a batch step so that a bad item does not fail the others. Tries the whole list and, after an error about the
 * data, each half in order, down to single items. Returns the bad items. Other errors, such as an outage, are thrown at
 * once.
 *
 * One bad item among n costs about 2·log2(n) extra calls.
 *
 * @param run processes a part of the list; idempotent, because items of a failed part are processed again. `range` is
 *   the position of the part, `to` exclusive
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
