import { createYielder } from "~/server/timing/yield-to-event-loop";

/** A piece of an insert's body. */
const CHUNK_CHARS = 64_000;

/**
 * Rows of one shape as JSONCompactEachRow: the names once, then the values alone, half as long as rows with their
 * names. Made piece by piece while the server reads, with breaths in between: a batch of many thousand rows must not
 * make anything late.
 */
export function compactRows(rows: Iterable<Record<string, unknown>>): {
  /** Empty where there are no rows. */
  columns: string[];
  lines: AsyncIterable<string>;
  /** What a row threw that could not be written out: the client tells of a broken connection then. */
  fault: () => unknown;
} {
  const iterator = rows[Symbol.iterator]();
  const first = iterator.next();
  const columns = first.done ? [] : Object.keys(first.value);
  let fault: unknown;
  async function* lines() {
    try {
      yield* written();
    } catch (error) {
      fault = error;
      throw error;
    }
  }
  async function* written() {
    const yieldIfDue = createYielder();
    let text = "";
    for (let next = first; !next.done; next = iterator.next()) {
      text += `${JSON.stringify(Object.values(next.value))}\n`;
      if (text.length >= CHUNK_CHARS) {
        yield text;
        text = "";
      }
      const turn = yieldIfDue();
      if (turn) await turn;
    }
    if (text !== "") yield text;
  }
  return { columns, lines: lines(), fault: () => fault };
}
