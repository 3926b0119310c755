import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../start/step.mjs";
import { finalCounts, playwrightCounts, vitestCounts } from "./counts.mjs";

const SPECS = "e2e/specs";

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
}

/** Runs vitest and returns its counts. `args` are passed to vitest. */
export async function runVitest({ root, env, args, reportDir }) {
  const report = join(reportDir, "vitest.json");
  const options = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const program = join(root, "node_modules/vitest/vitest.mjs");
  const exitCode = await run({
    command: [process.execPath, program, ...options, ...args],
    cwd: root,
    // Files of interrupted tests are removed with this folder.
    env: { ...process.env, TMPDIR: reportDir, ...env },
  });
  const parsed = readReport(report);
  return finalCounts({ counts: parsed && vitestCounts(parsed), exitCode });
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
  return finalCounts({ counts: parsed && playwrightCounts(parsed), exitCode });
}
