import { createYielder } from "~/server/timing/yield-to-event-loop";

/** A piece of an insert's body. */
const CHUNK_CHARS = 64_000;

export interface InsertRows {
  columns: readonly string[];
  /** Values in the order of `columns`. Taken one by one as they are sent. */
  rows: Iterable<readonly unknown[]>;
}

/** Each item as a row when it is asked for: a batch of many thousand is never held twice. */
export function* mapLazily<T>(items: Iterable<T>, toRow: (item: T) => unknown[]): Generator<unknown[]> {
  for (const item of items) yield toRow(item);
}

/** Rows that are objects of the same fields: the columns have their names. */
export function recordRows(records: readonly Record<string, unknown>[]): InsertRows {
  const columns = Object.keys(records[0] ?? {});
  return { columns, rows: records.map((record) => columns.map((name) => record[name])) };
}

/**
 * Rows as JSONCompactEachRow: the values alone, half as long as rows with their names. Made piece by piece while the
 * server reads, and gives way in between: a batch of many thousand rows must not make anything late.
 */
export function compactRows(rows: InsertRows["rows"]): {
  isEmpty: boolean;
  lines: AsyncIterable<string>;
  /** What a row threw that could not be written out: the client tells of a broken connection then. */
  fault: () => unknown;
} {
  const iterator = rows[Symbol.iterator]();
  const first = iterator.next();
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
      text += `${JSON.stringify(next.value)}\n`;
      if (text.length >= CHUNK_CHARS) {
        yield text;
        text = "";
      }
      const turn = yieldIfDue();
      if (turn) await turn;
    }
    if (text !== "") yield text;
  }
  return { isEmpty: first.done === true, lines: lines(), fault: () => fault };
}
