import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kafkaAvailability } from "~/server/testing/services/kafka";
import { parseArgumentsOrExit, refuse } from "./cli/arguments";
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
  refuse(`--${name} must be a number of at least ${low}, got "${values[name]}"`);
}

function requestedKinds(): FaultKind[] | undefined {
  const wanted = values.only?.split(",");
  const unknown = wanted?.find((kind) => !(FAULT_KINDS as readonly string[]).includes(kind));
  if (unknown === undefined) return wanted as FaultKind[] | undefined;
  refuse(`--only must be a comma-separated list of ${FAULT_KINDS.join(", ")}, got "${unknown}"`);
}

function scenarioOf(): Scenario | undefined {
  if (values.scenario === undefined) return undefined;
  const found = SCENARIOS[values.scenario];
  if (found) return found;
  refuse(`--scenario must be one of ${Object.keys(SCENARIOS).join(", ")}, got "${values.scenario}"`);
}

/** A scenario decides the bus. */
function servicesOf(scenario: Scenario | undefined): { kafka: boolean; cluster: boolean } {
  const { bus, redis } = values;
  if (bus !== undefined && bus !== "kafka" && bus !== "redis") refuse(`--bus must be kafka or redis, got "${bus}"`);
  if (redis !== "single" && redis !== "cluster") refuse(`--redis must be single or cluster, got "${redis}"`);
  if (scenario !== undefined && bus !== undefined && bus !== scenario.bus)
    refuse(`--scenario ${values.scenario} needs --bus ${scenario.bus}, got "${bus}"`);
  const cluster = redis === "cluster";
  const wanted = scenario?.bus ?? bus;
  if (wanted === "redis") {
    if (cluster) refuse("--redis cluster needs Kafka, but the bus is Redis Streams");
    return { kafka: false, cluster };
  }
  const { available, reason } = kafkaAvailability();
  if (available) return { kafka: true, cluster };
  if (cluster || wanted === "kafka") refuse(`Kafka is needed, but cannot be started: ${reason}`);
  process.stdout.write(`Kafka cannot be started (${reason}). The bus is Redis Streams.\n`);
  return { kafka: false, cluster };
}

// `exit` runs the handlers that stop the child processes.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const scenario = scenarioOf();
const input = {
  seed: numberOf("seed", 0),
  lengthMs: scenario?.lengthMs ?? numberOf("minutes", 0.5) * 60_000,
  scenario,
  workers: numberOf("workers", 1),
  kinds: requestedKinds(),
  ...servicesOf(scenario),
};
const print = (line: string) => void process.stdout.write(`${line}\n`);
const dir = await mkdtemp(join(tmpdir(), "stufio-faults-"));
try {
  const report = await runFaults({ ...input, dir, say: print });
  printReport(report, print);
  if (values.json) await writeFile(values.json, `${reportJson(report)}\n`);
  print(areGuaranteesKept(report) ? "\nEvery guarantee was kept." : "\nA guarantee was broken.");
  process.exitCode = areGuaranteesKept(report) ? 0 : 1;
} finally {
  await rm(dir, { recursive: true, force: true });
}
