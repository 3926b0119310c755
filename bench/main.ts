import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { openBench } from "./parts/bench";
import { short } from "./parts/numbers";
import type { Measured, Row } from "./parts/row";
import { ROWS } from "./rows";

/*
 * `npm run bench -- [--only N[,N]] [--quick] [--json FILE]`: the table of docs/benchmarks.md. Every comparison is of one run on one machine, the
 * sides in turn. Ends with 0 whether or not the figures were reached: they are told, not asserted.
 */
const { values } = parseArgs({
  options: { only: { type: "string" }, quick: { type: "boolean", default: false }, json: { type: "string" } },
});

function chosen(): readonly Row[] {
  if (values.only === undefined) return ROWS;
  const ids = values.only.split(",").map(Number);
  const unknown = ids.find((id) => !ROWS.some((row) => row.id === id));
  if (unknown !== undefined) {
    process.stderr.write(`--only knows the rows ${ROWS.map((row) => row.id).join(", ")}; not "${values.only}"\n`);
    process.exit(2);
  }
  return ROWS.filter((row) => ids.includes(row.id));
}

const print = (text: string) => process.stdout.write(`${text}\n`);

function line(row: Row, { ours, peer, ratio, reached, notes = [] }: Measured): string {
  const figures = [`${short(ours)} ${row.unit}`];
  if (peer !== null) figures.push(`${row.peer}: ${short(peer)}`);
  if (ratio !== null) figures.push(`ratio ${short(ratio)}`);
  const verdict = reached ? "reached" : "NOT reached";
  return [
    `${String(row.id).padStart(2)}  ${row.name}`,
    `    ${figures.join("  |  ")}  |  ${row.reach}: ${verdict}`,
    ...notes.map((note) => `    ${note}`),
  ].join("\n");
}

const rows = chosen();
const started = performance.now();
const bench = await openBench({ quick: values.quick, say: (text) => process.stderr.write(`${text}\n`) });
const results: ({ id: number; name: string; reach: string } & Measured)[] = [];
try {
  for (const row of rows) {
    process.stderr.write(`${row.id}  ${row.name} …\n`);
    const measured = await row.measure(bench);
    results.push({ id: row.id, name: row.name, reach: row.reach, ...measured });
    print(line(row, measured));
  }
} finally {
  await bench.close();
}
print(
  `${results.filter((row) => row.reached).length} of ${results.length} reached, ${((performance.now() - started) / 60_000).toFixed(1)} min`,
);
if (values.json) await writeFile(values.json, JSON.stringify({ rows: results }, null, 2));
process.exit(0);
