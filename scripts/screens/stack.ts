import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "~/server/testing/services/free-port";

const START = fileURLToPath(new URL("../start.mjs", import.meta.url));
/** Variables that must not affect the pictures. */
const FOREIGN = ["REDIS_URL", "CLICKHOUSE_URL", "KAFKA_BROKERS", "ADMIN_EMAIL", "ADMIN_PASSWORD"];

/** A stack with its own data directory and port, and without an account. */
export interface Stack {
  address: string;
  dataDir: string;
  apiKey: string;
  setupToken: string;
  stop(): Promise<void>;
}

/** Runs `npm start` and waits for its setup link. Throws if `npm start` ends first. */
export async function startStack(args: string[]): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), "stufio-screens-"));
  const port = await freePort();
  const apiKey = randomBytes(24).toString("base64url");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...Object.fromEntries(FOREIGN.map((name) => [name, ""])),
    DATA_DIR: dataDir,
    HOST: "127.0.0.1",
    PORT: String(port),
    ADMIN_API_KEY: apiKey,
  };
  const start = spawn(process.execPath, [START, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(start, "exit");
  const stop = async () => {
    start.kill("SIGTERM");
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  const setupToken = await new Promise<string | null>((done) => {
    createInterface({ input: start.stdout }).on("line", (line) => {
      const token = /\/setup\?token=(\S+)/.exec(line)?.[1];
      if (token) done(token);
      else process.stdout.write(`  ${line}\n`);
    });
    void ended.then(() => done(null));
  });
  if (!setupToken) {
    await stop();
    throw new Error("The stack ended before it was ready; its output is above.");
  }
  return { address: `http://127.0.0.1:${port}`, dataDir, apiKey, setupToken, stop };
}
