import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test as base } from "@playwright/test";
import { type OwnStack, startOwnStack } from "./own-stack";
import { resumeHanging } from "./stack-processes";

/**
 * Short intervals, so that promotion and the watchdog run within a test. Loopback is a trusted proxy, so that specs can
 * send requests with many addresses.
 */
const SETTINGS = {
  schedules_CLICKHOUSE_SYNC_INTERVAL: "5",
  schedules_CHECK_INTERVAL_SECONDS: "5",
  TRUSTED_PROXIES: "127.0.0.1",
};

/**
 * Runs a stack without an account and waits until it has printed the set-up link. Sets `E2E_SETUP_URL` (this link),
 * `E2E_API_KEY` and `E2E_DATA_DIR`.
 */
export async function startProductStack(input: {
  args?: string[];
  port?: string;
  redisUrl?: string;
  /** Gets the lines until the stack is ready. Later lines would mix with the test report. */
  onLine?: (line: string) => void;
}): Promise<OwnStack> {
  const makesKey = input.args?.includes("--api-key") ?? false;
  const givenKey = makesKey ? "" : randomBytes(24).toString("base64url");
  const env = { ...SETTINGS, REDIS_URL: input.redisUrl ?? "", ADMIN_API_KEY: givenKey };
  let isReady = false;
  const onLine = (line: string) => {
    if (!isReady) input.onLine?.(line);
  };
  const stack = await startOwnStack({ args: input.args, port: input.port, env, onLine });
  try {
    const [, setupUrl] = await stack.printed(/(http:\S+\/setup\?token=\S+)/);
    isReady = true;
    if (makesKey) await stack.printed(/API key: /);
    const apiKey = makesKey ? readFileSync(join(stack.dataDir, "api-key"), "utf8").trim() : givenKey;
    Object.assign(process.env, { E2E_SETUP_URL: setupUrl, E2E_API_KEY: apiKey, E2E_DATA_DIR: stack.dataDir });
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}

/** A test with a stack per Playwright worker. */
export function withStack(args: string[]) {
  return base.extend<object, { stack: OwnStack }>({
    stack: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
      async ({}, use) => {
        const stack = await startProductStack({ args });
        await use(stack);
        resumeHanging();
        await stack.stop();
      },
      { scope: "worker", auto: true, timeout: 600_000 },
    ],
    baseURL: ({ stack }, use) => use(stack.address),
  });
}
