import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kafkaAvailability } from "~/server/testing/services/kafka";
import { parseArgumentsOrExit } from "./cli/arguments";
import { FAULT_KINDS, type FaultKind } from "./faults/plan";
import { areGuaranteesKept, printReport, reportJson } from "./faults/report";
import { runFaults } from "./faults/run";
import { SCENARIOS, type Scenario } from "./faults/scenarios";

/*
 * `npm run faults` injects faults into an installation under load, and compares the ledger with the requested events.
 */
const USAGE = `Usage: npm run faults -- [--minutes N] [--seed S] [--bus kafka|redis] [--redis single|cluster] [--workers N] [--only kind,kind] [--scenario name] [--json FILE]
  --minutes   duration of the random faults, 2 by default
  --seed      seed of the random choices, 1 by default
  --bus       kafka, or redis for Redis Streams; by default Kafka if a broker can be started
  --redis     single (default) or cluster. A cluster has three masters with replicas, and a fault kills one master.
              Requires Kafka
  --workers   number of workers, 3 by default
  --only      injects only these kinds of fault, separated by commas: ${FAULT_KINDS.join(", ")}
  --scenario  runs one scripted scenario instead: ${Object.keys(SCENARIOS).join(", ")}
  --json      also writes the report to this file
Exits with 1 if a checked guarantee of docs/promises.md was broken.`;
const values = parseArgumentsOrExit(USAGE, {
  minutes: { type: "string", default: "2" },
  seed: { type: "string", default: "1" },
  bus: { type: "string" },
  redis: { type: "string", default: "single" },
  workers: { type: "string", default: "3" },
  only: { type: "string" },
  scenario: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean", short: "h" },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

function numberOf(name: "minutes" | "seed" | "workers", low: number): number {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value >= low) return value;
  process.stderr.write(`--${name} must be a number of at least ${low}, got "${values[name]}"\n`);
  process.exit(2);
}

function requestedKinds(): FaultKind[] | undefined {
  const wanted = values.only?.split(",");
  const unknown = wanted?.find((kind) => !(FAULT_KINDS as readonly string[]).includes(kind));
  if (unknown === undefined) return wanted as FaultKind[] | undefined;
  process.stderr.write(`--only must be a comma-separated list of ${FAULT_KINDS.join(", ")}, got "${unknown}"\n`);
  process.exit(2);
}

function wantsKafka(): boolean {
  if (values.bus === "redis") return false;
  const { available, reason } = kafkaAvailability();
  if (!available && values.bus === "kafka") throw new Error(`Kafka cannot be started: ${reason}`);
  if (!available) process.stdout.write(`Kafka cannot be started (${reason}). The bus is Redis Streams.\n`);
  return available;
}

function wantsCluster(): boolean {
  if (values.redis === "single") return false;
  if (values.redis === "cluster" && values.bus !== "redis") return true;
  const expected = values.bus === "redis" ? "single with --bus redis" : "single or cluster";
  process.stderr.write(`--redis must be ${expected}, got "${values.redis}"\n`);
  process.exit(2);
}

function scenarioOf(): Scenario | undefined {
  if (values.scenario === undefined) return undefined;
  const found = SCENARIOS[values.scenario];
  if (found) return found;
  process.stderr.write(`--scenario must be one of ${Object.keys(SCENARIOS).join(", ")}, got "${values.scenario}"\n`);
  process.exit(2);
}

// `exit` runs the handlers that stop the child processes.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const scenario = scenarioOf();
const print = (line: string) => void process.stdout.write(`${line}\n`);
const dir = await mkdtemp(join(tmpdir(), "stufio-faults-"));
try {
  const report = await runFaults({
    dir,
    seed: numberOf("seed", 0),
    lengthMs: scenario?.lengthMs ?? numberOf("minutes", 0.5) * 60_000,
    scenario,
    workers: numberOf("workers", 1),
    kinds: requestedKinds(),
    cluster: wantsCluster(),
    kafka: scenario ? scenario.bus === "kafka" : wantsKafka(),
    say: print,
  });
  printReport(report, print);
  if (values.json) await writeFile(values.json, `${reportJson(report)}\n`);
  print(areGuaranteesKept(report) ? "\nEvery guarantee was kept." : "\nA guarantee was broken.");
  process.exitCode = areGuaranteesKept(report) ? 0 : 1;
} finally {
  await rm(dir, { recursive: true, force: true });
}
