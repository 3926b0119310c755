import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuild } from "./start/build.mjs";
import { supervise } from "./start/children.mjs";
import { ensureDependencies, requireNode } from "./start/deps.mjs";
import { say, sayError } from "./start/output.mjs";
import { endSteps } from "./start/step.mjs";
import { findChromium } from "./test/chromium.mjs";
import { closingLines, failureLine, noCounts, sum } from "./test/counts.mjs";
import { hasSpecs, runPlaywright, runVitest } from "./test/runners.mjs";
import { startStores } from "./test/services.mjs";

/*
 * `npm test` runs vitest against real Redis, ClickHouse and Kafka, then Playwright against the stack of `npm start`.
 */
const USAGE = `Usage: npm test                      everything
       npm test -- --unit [filter]   only vitest; filter and options are passed to it
       npm test -- --e2e [filter]    only Playwright; filter and options are passed to it
       npm test -- filter            both, only matching files`;
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const IS_CI = Boolean(process.env.CI);

const workDir = mkdtempSync(join(tmpdir(), "stufio-test-"));
/** In the order in which the resources were started. */
const cleanups = [() => rmSync(workDir, { recursive: true, force: true })];
let ending = null;
/** Whether a signal ends this process, which makes the running step fail. */
let isStopping = false;

function endAll() {
  ending ??= (async () => {
    await endSteps();
    for (const cleanup of cleanups.toReversed()) await cleanup();
  })();
  return ending;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, async () => {
    isStopping = true;
    say("Stopping …");
    await endAll();
    process.exit(130);
  });
}

function start({ env = process.env, ...child }) {
  const started = supervise({ ...child, env, cwd: ROOT, logDir: join(workDir, "logs"), onSpawn: () => undefined });
  cleanups.push(() => started.stop());
  process.on("exit", () => started.killNow());
  return started;
}

/** Runs vitest with its stores. Each of the `faults` at their start counts as one failure. */
async function runUnitTests(args) {
  const { env, missing, faults } = await startStores({ dataDir: workDir, start, onStop: (end) => cleanups.push(end) });
  for (const fault of faults) sayError(fault);
  const filtered = args.length > 0 ? ["--passWithNoTests", ...args] : [];
  const counts = await runVitest({ root: ROOT, env, args: filtered, reportDir: workDir });
  const failures = faults.map((message) => failureLine({ file: "services", message }));
  return { counts: { ...counts, failures: [...failures, ...counts.failures] }, missing };
}

/** Starts the build for the browser tests. Runs at low priority beside the unit tests, which mostly wait. */
function buildMeanwhile() {
  const built = ensureBuild(ROOT, { isBackground: true });
  // The browser tests await it, and report its error.
  built.catch(() => undefined);
  return built;
}

/**
 * Runs Playwright after `built`. Without Chromium, all specs are skipped; under CI, this counts as one failure.
 */
async function runEndToEndTests(args, built) {
  if (!hasSpecs(ROOT)) {
    say("There are no end-to-end specs.");
    return { counts: noCounts(), missing: [] };
  }
  const chromium = await findChromium();
  const filtered = args.length > 0 ? ["--pass-with-no-tests", ...args] : [];
  const common = { root: ROOT, args: filtered, reportDir: workDir };
  if (!chromium) {
    const listed = await runPlaywright({ ...common, env: { E2E_LIST_ONLY: "1" }, listOnly: true });
    const missing = "Chromium: it is not installed";
    const failures = IS_CI ? [failureLine({ file: "Playwright", message: missing })] : [];
    return { counts: { ...listed, failures: [...listed.failures, ...failures] }, missing: [missing] };
  }
  await (built ?? ensureBuild(ROOT));
  return { counts: await runPlaywright({ ...common, env: { CHROMIUM_PATH: chromium } }), missing: [] };
}

async function runParts(args, results) {
  const rest = args.filter((arg) => arg !== "--unit" && arg !== "--e2e");
  const wants = (flag) => args.includes(flag) || !(args.includes("--unit") || args.includes("--e2e"));
  requireNode(ROOT);
  await ensureDependencies(ROOT);
  const built = wants("--unit") && wants("--e2e") && hasSpecs(ROOT) ? buildMeanwhile() : null;
  if (wants("--unit")) results.push(await runUnitTests(rest));
  if (wants("--e2e")) results.push(await runEndToEndTests(rest, built));
}

/** Runs a step of this script. Its error counts as one failure, and the results so far are kept. */
async function attempt(results, run) {
  try {
    await run();
  } catch (error) {
    if (isStopping) return;
    sayError(error?.stack ?? String(error));
    const failures = [failureLine({ file: "npm test", message: error?.message ?? String(error) })];
    results.push({ counts: { ...noCounts(), failures }, missing: [] });
  }
}

async function main() {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    say(USAGE);
    return true;
  }
  const results = [];
  await attempt(results, () => runParts(args, results));
  await attempt(results, endAll);
  const total = sum(results.map(({ counts }) => counts));
  const { passed, failures, skipped } = total;
  for (const reason of results.flatMap(({ missing }) => missing)) say(`tests skipped, missing ${reason}`);
  if (passed + failures.length + skipped.length === 0) sayError("No test matched.");
  for (const line of closingLines(total)) say(line);
  return failures.length === 0 && passed > 0;
}

process.exit((await main()) ? 0 : 1);
