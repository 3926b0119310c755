import { defineConfig } from "@playwright/test";
import { presentChromium } from "./scripts/test/chromium.mjs";
import { freePort } from "./server/testing/services/free-port";

// Playwright workers load this file again and inherit the environment.
process.env.E2E_PORT ??= String(await freePort());
const report = process.env.E2E_REPORT;

/** Snapshots and screenshots of each step would take more time than the checks. */
const TRACE = { mode: "retain-on-failure", snapshots: false, screenshots: false, sources: false } as const;

/**
 * End-to-end tests (e2e/README.md). `npm test -- --e2e` prepares the browser and the stacks. Each project has its own
 * stack and one worker, so that specs do not run at the same time on one stack.
 */
export default defineConfig({
  testDir: "e2e/specs",
  globalSetup: "./e2e/stack/start-stack.ts",
  workers: 3,
  fullyParallel: false,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"], ["./e2e/stack/axe-report.ts"], ...(report ? [["json", { outputFile: report }] as const] : [])],
  outputDir: "test-results",
  // All run at once, because most specs wait for a page, a process or a clock.
  projects: [
    // The specs in own/ start their own stacks. They are in this project, because it ends first.
    { name: "demo", testMatch: ["demo/*.spec.ts", "own/*.spec.ts"], workers: 1 },
    { name: "alone", testMatch: "alone/*.spec.ts", workers: 1 },
    { name: "shared", testIgnore: ["demo/*.spec.ts", "own/*.spec.ts", "alone/*.spec.ts"], workers: 1 },
  ],
  use: {
    baseURL: `http://127.0.0.1:${process.env.E2E_PORT}`,
    trace: TRACE,
    screenshot: "only-on-failure",
    viewport: { width: 1440, height: 900 },
    timezoneId: "Europe/Berlin",
    locale: "en-GB",
    launchOptions: {
      executablePath: presentChromium() ?? undefined,
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    },
  },
});
