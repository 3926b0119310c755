import { type Colour, type Paint, printable, shortened, width } from "./text.js";
import { timeIn } from "./time.js";

/** A cell: a value, or a text in a colour. */
export type Cell = string | number | boolean | null | undefined | { text: string; colour: Colour };

/** What a cell needs to be formatted. */
export interface Show {
  /** A time of an answer, in the chosen zone. */
  time: (iso: string | number | null | undefined) => string;
}

export interface Column<Row> {
  title: string;
  cell: (row: Row, show: Show) => Cell;
  align?: "right";
  /** The smallest width to which a cell may be shortened on a terminal. Without it, cells are never shortened. */
  shrink?: number;
}

const GAP = "  ";

export const showIn = (zone: string): Show => ({ time: (iso) => timeIn(zone, iso) });

interface Formatted {
  text: string;
  colour: Colour | null;
}

function formatted(cell: Cell): Formatted {
  if (cell === null || cell === undefined || cell === "") return { text: "-", colour: null };
  if (typeof cell === "object") return { text: printable(cell.text), colour: cell.colour };
  return { text: printable(String(cell)), colour: null };
}

/**
 * Formats rows as columns: the titles, then one line for each row. `terminalWidth` is the width to which shrinkable
 * columns are shortened; without it, nothing is shortened.
 */
export function tableLines<Row>(input: {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  show: Show;
  paint: Paint;
  terminalWidth?: number;
  /** The smallest widths, for rows that are printed one by one. */
  widths?: readonly number[];
}): string[] {
  const { rows, columns, show, paint, terminalWidth } = input;
  const cells = rows.map((row) => columns.map((column) => formatted(column.cell(row, show))));
  const natural = columns.map((column, i) =>
    Math.max(input.widths?.[i] ?? 0, width(column.title), ...cells.map((line) => width(line[i]?.text ?? ""))),
  );
  const widths = terminalWidth === undefined ? natural : shrunk({ natural, columns, terminalWidth });
  const line = (texts: readonly Formatted[]) =>
    texts
      .map(({ text, colour }, i) => {
        const shown = shortened(text, widths[i] as number);
        const space = " ".repeat(Math.max(0, (widths[i] as number) - width(shown)));
        const painted = colour === null ? shown : paint(colour, shown);
        if (columns[i]?.align === "right") return `${space}${painted}`;
        // No spaces at the end of a line.
        return i === texts.length - 1 ? painted : `${painted}${space}`;
      })
      .join(GAP);
  const head = columns.map(({ title }) => ({ text: title, colour: "bold" as const }));
  return [line(head), ...cells.map(line)];
}

function shrunk<Row>(input: {
  natural: readonly number[];
  columns: readonly Column<Row>[];
  terminalWidth: number;
}): number[] {
  const { columns, terminalWidth } = input;
  const widths = [...input.natural];
  const minimum = (i: number) =>
    Math.max(columns[i]?.shrink ?? Number.POSITIVE_INFINITY, width(columns[i]?.title ?? ""));
  let excess = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1) - terminalWidth;
  while (excess > 0) {
    // The widest column gives way first.
    const [widest] = widths
      .map((_, i) => i)
      .filter((i) => (widths[i] as number) > minimum(i))
      .sort((a, b) => (widths[b] as number) - (widths[a] as number));
    if (widest === undefined) break;
    widths[widest] = (widths[widest] as number) - 1;
    excess -= 1;
  }
  return widths;
}

/** A list of names and values, one per line. */
export function fieldLines(fields: readonly (readonly [name: string, value: Cell])[], paint: Paint): string[] {
  const widest = Math.max(0, ...fields.map(([name]) => width(name)));
  return fields.map(([name, value]) => {
    const { text, colour } = formatted(value);
    const title = paint("dim", name + " ".repeat(widest - width(name)));
    return `${title}${GAP}${colour === null ? text : paint(colour, text)}`;
  });
}
