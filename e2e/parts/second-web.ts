import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import { embeddedRedisUrl } from "../../scripts/start/services.mjs";
import { NODE_ARGS } from "../../server/node-args.mjs";
import { freePort } from "../../server/testing/services/free-port";
import type { OwnStack } from "./own-stack";
import { clickhouseOf } from "./stack-clickhouse";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface SecondWeb {
  address: string;
  /** Waits for a line of the log, and returns the first group of the match. */
  logged(pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** Starts another web process on the stores of a running stack. `envFor` adds variables for the process's address. */
export async function startSecondWeb(
  stack: OwnStack,
  envFor: (address: string) => Promise<Record<string, string>> = async () => ({}),
): Promise<SecondWeb> {
  const port = String(await freePort());
  const address = `http://127.0.0.1:${port}`;
  const { host, password } = clickhouseOf(stack);
  const env = {
    ...stack.env,
    NODE_ENV: "production",
    REDIS_URL: embeddedRedisUrl(stack.dataDir),
    CLICKHOUSE_URL: `http://default:${password}@${host}`,
    ADMIN_API_KEY: process.env.E2E_API_KEY,
    ...(await envFor(address)),
  } as NodeJS.ProcessEnv;
  const next = "node_modules/next/dist/bin/next";
  const child = spawn(process.execPath, [...NODE_ARGS, next, "start", "-H", "127.0.0.1", "-p", port], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const status = () =>
    fetch(`${address}/api/v1/schedules/monitoring/health`).then(
      (answer) => answer.status,
      () => 0,
    );
  await expect.poll(status, { timeout: 60_000 }).toBe(200);
  return {
    address,
    async logged(pattern) {
      await expect.poll(() => pattern.test(output), { timeout: 60_000 }).toBe(true);
      return pattern.exec(output)?.[1] ?? "";
    },
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
