import { formatNumber } from "./numbers";
import type { Measured, Row } from "./row";

const BEGIN = "<!-- bench: begin -->";
const END = "<!-- bench: end -->";

export type TableRow = Pick<Row, "id" | "name" | "unit" | "peer" | "target"> & { measured: Measured };

/** The table of docs/benchmarks.md. */
export function markdownTable(rows: readonly TableRow[], context: { machine: string; date: string }): string {
  const lines = rows.map(({ measured, ...row }) => {
    const { ours, peer, ratio, met, notes = [] } = measured;
    const cells = [
      String(row.id),
      [row.name, ...notes.map((note) => `<sub>${note}</sub>`)].join("<br>"),
      `${formatNumber(ours)} ${row.unit}`,
      peer === null ? "–" : `${row.peer}: ${formatNumber(peer)}`,
      ratio === null ? "–" : formatNumber(ratio),
      row.target,
      met ? "yes" : "**no**",
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return [
    `Measured ${context.date} on ${context.machine}. Medians of the runs; in rows 10 and 11, percentiles of all queries.`,
    "",
    "| # | figure | ours | peer | ratio | target | met |",
    "|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

/** Replaces the text between the two marker lines. Throws if a marker is missing. */
export function replaceBetweenMarkers(text: string, content: string): string {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`The file must contain the line ${BEGIN} and, after it, the line ${END}.`);
  return `${text.slice(0, from + BEGIN.length)}\n\n${content}\n\n${text.slice(to)}`;
}
