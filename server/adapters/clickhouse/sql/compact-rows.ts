import { createYielder } from "~/server/timing/yield-to-event-loop";

/** Size of a chunk of an insert's body, in characters. */
const CHUNK_CHARS = 64_000;

export interface InsertRows {
  columns: readonly string[];
  /** Values in the order of `columns`. Rows are read on demand. */
  rows: Iterable<readonly unknown[]>;
}

/** Converts items to rows on demand, so that a large batch is not held twice. */
export function* mapLazily<T>(items: Iterable<T>, toRow: (item: T) => unknown[]): Generator<unknown[]> {
  for (const item of items) yield toRow(item);
}

export function rowsOfObjects(records: readonly Record<string, unknown>[]): InsertRows {
  const columns = Object.keys(records[0] ?? {});
  return { columns, rows: records.map((record) => columns.map((name) => record[name])) };
}

/**
 * Rows as JSONCompactEachRow, half the size of rows with column names. Encodes while the server reads and yields to the
 * event loop, so that a large batch does not delay due events.
 */
export function compactRows(rows: InsertRows["rows"]): {
  isEmpty: boolean;
  lines: AsyncIterable<string>;
  /** The error of a row that could not be encoded. The client reports only a broken connection. */
  fault: () => unknown;
} {
  const iterator = rows[Symbol.iterator]();
  const first = iterator.next();
  let fault: unknown;
  async function* lines() {
    try {
      yield* encodeChunks();
    } catch (error) {
      fault = error;
      throw error;
    }
  }
  async function* encodeChunks() {
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
