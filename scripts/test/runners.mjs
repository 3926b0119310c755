import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../start/step.mjs";
import { finalCounts, playwrightCounts, vitestCounts } from "./counts.mjs";

const SPECS = "e2e/specs";
const REPORTER = fileURLToPath(new URL("./vitest-report.mjs", import.meta.url));

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
}

/** Runs vitest and returns its counts. `args` are passed to vitest. */
export async function runVitest({ root, env, args, reportDir }) {
  const report = join(reportDir, "vitest.json");
  const options = ["run", "--reporter=default", `--reporter=${REPORTER}`];
  const program = join(root, "node_modules/vitest/vitest.mjs");
  const exitCode = await run({
    command: [process.execPath, program, ...options, ...args],
    cwd: root,
    // Files of interrupted tests are removed with this folder.
    env: { ...process.env, TMPDIR: reportDir, ...env, VITEST_REPORT: report },
  });
  const parsed = readReport(report);
  return finalCounts({ runner: "vitest", counts: parsed && vitestCounts(parsed), exitCode });
}

export function hasSpecs(root) {
  const folder = join(root, SPECS);
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => name.endsWith(".spec.ts"));
}

/** Runs Playwright and returns its counts. With `listOnly`, all tests are counted as skipped. */
export async function runPlaywright({ root, env, args, reportDir, listOnly = false }) {
  const report = join(reportDir, "playwright.json");
  const program = join(root, "node_modules/@playwright/test/cli.js");
  const exitCode = await run({
    command: [process.execPath, program, "test", ...(listOnly ? ["--list"] : []), ...args],
    cwd: root,
    env: { ...process.env, ...env, E2E_REPORT: report },
  });
  const parsed = readReport(report);
  return finalCounts({ runner: "Playwright", counts: parsed && playwrightCounts(parsed, root), exitCode });
}
