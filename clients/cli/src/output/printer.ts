import type { Io } from "../io.js";
import type { Format } from "./format.js";
import { type Cell, type Column, fieldLines, type Show, showIn, tableLines } from "./table.js";
import { json, type Paint, paintFor } from "./text.js";

/** Writes the results of a command to standard output, in the chosen format. JSON has the names of the API. */
export interface Printer {
  readonly format: Format;
  readonly show: Show;
  readonly paint: Paint;
  /** Prints rows. As NDJSON, each row appears as soon as it is read. Returns their number. */
  rows<Row>(
    rows: Iterable<Row> | AsyncIterable<Row>,
    columns: readonly Column<Row>[],
    options?: { empty?: string },
  ): Promise<number>;
  /** Returns a function that prints rows one by one. With `json`, each is a line, as with `ndjson`. */
  stream<Row>(columns: readonly (Column<Row> & { width: number })[]): (row: Row) => void;
  /** Prints one object: its fields as a list, or the whole object as JSON. */
  record<Value extends object>(
    value: Value,
    fields: (value: Value, show: Show) => readonly (readonly [string, Cell])[],
  ): void;
  /** Prints what a command has done: a sentence, or the answer as JSON. */
  done(sentence: string, value: unknown): void;
  /** Prints text as it is, whatever the format. */
  text(text: string): void;
}

export function createPrinter(input: { io: Io; format: Format; zone: string }): Printer {
  const { io, format } = input;
  const { stdout } = io;
  const show = showIn(input.zone);
  const paint = paintFor(stdout, io.env);
  const terminalWidth = stdout.isTTY === true ? (stdout.columns ?? 80) : undefined;
  const line = (text: string) => stdout.write(`${text}\n`);
  const value = (one: unknown) => line(format === "json" ? json(one, 2) : json(one));

  return {
    format,
    show,
    paint,
    async rows(rows, columns, { empty } = {}) {
      const kept = [];
      let count = 0;
      for await (const row of rows) {
        count += 1;
        if (format === "ndjson") line(json(row));
        else kept.push(row);
      }
      if (format === "json") line(json(kept, 2));
      if (format !== "table") return count;
      if (count === 0) io.stderr.write(`${empty ?? "There are none."}\n`);
      else for (const text of tableLines({ rows: kept, columns, show, paint, terminalWidth })) line(text);
      return count;
    },
    stream(columns) {
      const widths = columns.map(({ width }) => width);
      let isFirst = true;
      return (row) => {
        if (format !== "table") return line(json(row));
        const lines = tableLines({ rows: [row], columns, show, paint, terminalWidth, widths });
        for (const text of isFirst ? lines : lines.slice(1)) line(text);
        isFirst = false;
      };
    },
    record(one, fields) {
      if (format !== "table") return value(one);
      for (const text of fieldLines(fields(one, show), paint)) line(text);
    },
    done(sentence, one) {
      if (format === "table") line(sentence);
      else value(one);
    },
    text: (text) => stdout.write(text.endsWith("\n") ? text : `${text}\n`),
  };
}
