import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kafkaAvailability } from "~/server/testing/services/kafka";
import { parseArgumentsOrExit, refuse } from "./cli/arguments";
import { isClean, printFuzz } from "./fuzz/report";
import { BORDERS, type Border, runFuzz } from "./fuzz/run";

/*
 * `npm run fuzz` starts an installation and sends it invalid and unusual inputs, while a canary schedule must fire
 * every second.
 */
const USAGE = `Usage: npm run fuzz -- [--seed S] [--count N] [--border rest,trpc,code,delayed] [--bus redis|kafka] [--json FILE]
  --seed    seed of the inputs; from the clock by default. The run prints it.
  --count   number of inputs for each API, 2000 by default
  --border  tests only these APIs; all by default: ${BORDERS.join(", ")}
  --bus     Redis Streams by default, or a Kafka broker that the run starts
  --json    also writes the report to this file
Exits with 1 if an input affected other schedules, or the installation.`;
const values = parseArgumentsOrExit(USAGE, {
  seed: { type: "string", default: String(Math.floor(Date.now() / 1000) % 1_000_000) },
  count: { type: "string", default: "2000" },
  border: { type: "string", default: BORDERS.join(",") },
  bus: { type: "string", default: "redis" },
  json: { type: "string" },
  help: { type: "boolean", short: "h" },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

function wholeNumber(name: "seed" | "count", low: number): number {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= low) return value;
  refuse(`--${name} must be a whole number of at least ${low}, got "${values[name]}"`);
}

function requestedBorders(): Border[] {
  const wanted = values.border.split(",");
  const unknown = wanted.find((one) => !(BORDERS as readonly string[]).includes(one));
  if (unknown === undefined) return wanted as Border[];
  refuse(`--border must be a comma-separated list of ${BORDERS.join(", ")}, got "${unknown}"`);
}

function wantsKafka(): boolean {
  if (values.bus === "redis") return false;
  if (values.bus !== "kafka") refuse(`--bus must be redis or kafka, got "${values.bus}"`);
  const { available, reason } = kafkaAvailability();
  if (!available) refuse(`Kafka is needed, but cannot be started: ${reason}`);
  return true;
}

// `exit` runs the handlers that stop the child processes.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const seed = wholeNumber("seed", 0);
const count = wholeNumber("count", 1);
const borders = requestedBorders();
const kafka = wantsKafka();
const print = (line: string) => void process.stdout.write(`${line}\n`);
const dir = await mkdtemp(join(tmpdir(), "stufio-fuzz-"));
try {
  print(`seed ${seed}, ${count} inputs for each of ${borders.join(", ")}, bus ${kafka ? "Kafka" : "Redis Streams"}`);
  const report = await runFuzz({ dir, seed, count, borders, kafka, say: print });
  printFuzz(report, print);
  if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  print(isClean(report) ? "\nNo input affected other schedules or the installation." : "\nAn input had side effects.");
  process.exitCode = isClean(report) ? 0 : 1;
} finally {
  await rm(dir, { recursive: true, force: true });
}
