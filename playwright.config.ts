import { defineConfig } from "@playwright/test";
import { freePort } from "./server/testing/services/free-port";

// Each Playwright worker reads this file again and inherits the environment of the first reading.
process.env.E2E_PORT ??= String(await freePort());
const report = process.env.E2E_REPORT;

/** Without snapshots and screenshots of the page: with long lists, recording them takes longer than the checks. */
const PLAIN_TRACE = { mode: "retain-on-failure", snapshots: false, screenshots: false, sources: false } as const;

/**
 * End-to-end tests in one browser, against stacks as `npm start` runs them. `npm test -- --e2e` prepares browser and
 * stacks. Each project has a stack of its own and one worker, so its specs do not see each other's schedules change.
 */
export default defineConfig({
  testDir: "e2e/specs",
  globalSetup: "./e2e/stack/start-stack.ts",
  workers: 2,
  fullyParallel: false,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"], ["./e2e/stack/axe-report.ts"], ...(report ? [["json", { outputFile: report }] as const] : [])],
  outputDir: "test-results",
  // The longest project first, so that the other projects run one after another in the second worker meanwhile.
  projects: [
    { name: "demo", testMatch: "demo/*.spec.ts", workers: 1, use: { trace: PLAIN_TRACE } },
    // Without demo data, for specs that hang a store, pause all firing or run a stack of their own.
    { name: "alone", testMatch: "alone/*.spec.ts", workers: 1, use: { trace: PLAIN_TRACE } },
    // All other specs, without demo data.
    { name: "shared", testIgnore: ["demo/*.spec.ts", "alone/*.spec.ts"], workers: 1 },
  ],
  use: {
    baseURL: `http://127.0.0.1:${process.env.E2E_PORT}`,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    viewport: { width: 1440, height: 900 },
    timezoneId: "Europe/Berlin",
    locale: "en-GB",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    },
  },
});
