import { defineConfig } from "@playwright/test";
import { freePort } from "./server/testing/services/free-port";

// Read again by every Playwright worker, which inherits what the first reading has set.
process.env.E2E_PORT ??= String(await freePort());
const report = process.env.E2E_REPORT;

/**
 * End-to-end tests: one browser, one stack, which e2e/stack starts as `npm start` does. `npm test -- --e2e` prepares
 * both.
 */
export default defineConfig({
  testDir: "e2e/specs",
  globalSetup: "./e2e/stack/start-stack.ts",
  // One stack for all specs: they must not see each other's schedules come and go.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: report ? [["list"], ["json", { outputFile: report }]] : [["list"]],
  outputDir: "test-results",
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
