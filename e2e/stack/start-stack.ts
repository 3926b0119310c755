import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const START = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));
/** The start may have to build first. */
const READY_TIMEOUT_MS = 300_000;
/** Short intervals, so that promotion and the watchdog run within a test. */
const SETTINGS = { schedules_CLICKHOUSE_SYNC_INTERVAL: "5", schedules_CHECK_INTERVAL_SECONDS: "5" };
/** Variables of a developer's environment or .env that must not affect the tests. */
const FOREIGN = ["REDIS_URL", "CLICKHOUSE_URL", "KAFKA_BROKERS", "ADMIN_EMAIL", "ADMIN_PASSWORD"];

/**
 * Playwright's global setup: runs the whole stack as `npm start` does, in its own data directory and without an
 * account. Sets `E2E_SETUP_URL` (the printed one-time link), `E2E_API_KEY` and `E2E_DATA_DIR` for the specs.
 */
export default async function startStack(): Promise<() => Promise<void>> {
  if (process.env.E2E_LIST_ONLY) return async () => {};
  const dataDir = await mkdtemp(join(tmpdir(), "stufio-e2e-"));
  const apiKey = randomBytes(24).toString("base64url");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...SETTINGS,
    ...Object.fromEntries(FOREIGN.map((name) => [name, ""])),
    // Optionally another Redis than the embedded one, such as a cluster.
    REDIS_URL: process.env.E2E_REDIS_URL ?? "",
    DATA_DIR: dataDir,
    HOST: "127.0.0.1",
    PORT: process.env.E2E_PORT,
    ADMIN_API_KEY: apiKey,
  };
  const stack = spawn(process.execPath, [START], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(stack, "exit");
  const stop = async () => {
    stack.kill("SIGTERM");
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const setupUrl = await setupLink({ stack, ended });
    Object.assign(process.env, { E2E_SETUP_URL: setupUrl, E2E_API_KEY: apiKey, E2E_DATA_DIR: dataDir });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** The link that the start prints once everything is healthy; until then its output is shown. */
async function setupLink(input: { stack: ReturnType<typeof spawn>; ended: Promise<unknown> }): Promise<string> {
  const { stdout } = input.stack;
  if (!stdout) throw new Error("the stack has no output");
  const lines = createInterface({ input: stdout });
  let timer: NodeJS.Timeout | undefined;
  const link = new Promise<string>((done, fail) => {
    let isReady = false;
    lines.on("line", (line) => {
      if (!isReady) process.stdout.write(`${line}\n`);
      const found = /(http:\S+\/setup\?token=\S+)/.exec(line)?.[1];
      if (!found) return;
      isReady = true;
      done(found);
    });
    timer = setTimeout(() => fail(new Error("the stack printed no setup link in time")), READY_TIMEOUT_MS);
    void input.ended.then(() => fail(new Error("the stack ended before it was ready")));
  });
  try {
    return await link;
  } finally {
    clearTimeout(timer);
  }
}
