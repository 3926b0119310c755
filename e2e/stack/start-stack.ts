import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const START = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));
/** A build may come first. */
const READY_TIMEOUT_MS = 300_000;
/** Short intervals, so that promotion and the watchdog show their work within a test. */
const SETTINGS = { schedules_CLICKHOUSE_SYNC_INTERVAL: "5", schedules_CHECK_INTERVAL_SECONDS: "5" };
/** What a developer's own environment or .env must not bring into the tests. */
const FOREIGN = ["REDIS_URL", "CLICKHOUSE_URL", "KAFKA_BROKERS", "ADMIN_EMAIL", "ADMIN_PASSWORD"];

/**
 * Playwright's global setup: the whole stack in a data directory of its own, as `npm start` makes it, without an
 * account. Specs find in the environment `E2E_SETUP_URL` (the one-time link that was printed), `E2E_API_KEY` and
 * `E2E_DATA_DIR`.
 */
export default async function startStack(): Promise<() => Promise<void>> {
  if (process.env.E2E_LIST_ONLY) return async () => {};
  const dataDir = await mkdtemp(join(tmpdir(), "stufio-e2e-"));
  const apiKey = randomBytes(24).toString("base64url");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...SETTINGS,
    ...Object.fromEntries(FOREIGN.map((name) => [name, ""])),
    // Another Redis than our own for the whole story, such as a cluster.
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

/** The link that the start prints once everything is healthy; until then its lines go to the screen. */
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
