import { readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openBench } from "./parts/bench";
import { growthSvg } from "./parts/growth-svg";
import { formatNumber } from "./parts/numbers";
import type { Measured, Row } from "./parts/row";
import { markdownTable, replaceBetweenMarkers, type TableRow } from "./parts/table";
import { ROWS } from "./rows";

/*
 * `npm run bench` measures the table of docs/benchmarks.md. Exits with 1 if a row could not be measured, but with 0 if
 * a target is not met.
 */
const { values } = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    write: { type: "boolean", default: false },
    growth: { type: "boolean", default: false },
  },
});

/** The rows of `--only`, or all. Exits with 2 if there is no row with a given number. */
function chosenRows(): readonly Row[] {
  if (values.only === undefined) return ROWS;
  const ids = values.only.split(",").map(Number);
  const unknown = ids.find((id) => !ROWS.some((row) => row.id === id));
  if (unknown !== undefined) {
    process.stderr.write(
      `--only must be row numbers out of ${ROWS.map((row) => row.id)
        .sort((a, b) => a - b)
        .join(", ")}; got "${values.only}"\n`,
    );
    process.exit(2);
  }
  return ROWS.filter((row) => ids.includes(row.id));
}

const DOCS = fileURLToPath(new URL("../docs/", import.meta.url));
const print = (text: string) => process.stdout.write(`${text}\n`);

function reportText(row: Row, { ours, peer, ratio, met, notes = [] }: Measured): string {
  const figures = [`${formatNumber(ours)} ${row.unit}`];
  if (peer !== null) figures.push(`${row.peer}: ${formatNumber(peer)}`);
  if (ratio !== null) figures.push(`ratio ${formatNumber(ratio)}`);
  const verdict = met ? "met" : "NOT met";
  return [
    `${String(row.id).padStart(2)}  ${row.name}`,
    `    ${figures.join("  |  ")}  |  ${row.target}: ${verdict}`,
    ...notes.map((note) => `    ${note}`),
  ].join("\n");
}

const rows = chosenRows();
const started = performance.now();
const minutes = () => ((performance.now() - started) / 60_000).toFixed(1);
const bench = await openBench({ quick: values.quick, say: (text) => process.stderr.write(`${text}\n`) });
const results: TableRow[] = [];
const failed: number[] = [];

async function run(row: Row): Promise<void> {
  process.stderr.write(`${minutes()} min: measuring ${row.id}  ${row.name} …\n`);
  if (values.growth) {
    if (row.grow) await writeFile(`${DOCS}images/growth-${row.id}.svg`, growthSvg(await row.grow(bench)));
    return;
  }
  const measured = await row.measure(bench);
  results.push({ ...row, measured });
  print(reportText(row, measured));
}

try {
  for (const row of rows) {
    // A missing broker or browser must not stop the other rows.
    await run(row).catch((error: Error) => {
      failed.push(row.id);
      print(`${String(row.id).padStart(2)}  ${row.name}\n    could not be measured: ${error.message}`);
    });
  }
} finally {
  await bench.close();
}
results.sort((a, b) => a.id - b.id);
const met = results.filter((row) => row.measured.met).length;
if (!values.growth) print(`${met} of ${rows.length} targets met, ${minutes()} min`);
if (values.json) {
  const reported = results.map(({ id, name, target, measured }) => ({ id, name, target, ...measured }));
  await writeFile(values.json, JSON.stringify({ rows: reported }, null, 2));
}
if (values.write) {
  const file = `${DOCS}benchmarks.md`;
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  const table = markdownTable(results, { machine, date: new Date().toISOString().slice(0, 10) });
  await writeFile(file, replaceBetweenMarkers(await readFile(file, "utf8"), table));
}
process.exit(failed.length === 0 ? 0 : 1);
