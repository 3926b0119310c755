import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ensureBuild } from "~/scripts/start/build.mjs";
import { freePort } from "~/server/testing/services/free-port";
import { NODE_ARGS } from "../../server/node-args.mjs";
import { type Bench, until } from "./bench";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NEXT = "node_modules/next/dist/bin/next";

export const ADMIN = { email: "bench@example.org", password: "quiet-harbour-lamp-4417" };
export const API_KEY = "bench-key-0123456789abcdef0123456789";

/**
 * Starts the web app in production mode and waits until it is healthy. Builds it first if there is no current build.
 * @param more additional environment variables
 */
export async function startWeb(
  bench: Bench,
  more: Record<string, string> = {},
): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
  await ensureBuild(ROOT);
  const port = await freePort();
  const env = {
    ...process.env,
    NODE_ENV: "production",
    REDIS_URL: bench.redis.url,
    CLICKHOUSE_URL: bench.clickhouse.url,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    ADMIN_API_KEY: API_KEY,
    ...more,
  } as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [...NODE_ARGS, NEXT, "start", "-H", "127.0.0.1", "-p", String(port)], {
    cwd: ROOT,
    env,
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  process.once("exit", () => child.kill("SIGKILL"));
  await until("the web app", 60_000, () =>
    fetch(`${url}/api/v1/schedules/monitoring/health`).then(
      (answer) => answer.status === 200,
      () => false,
    ),
  );
  return {
    url,
    pid: child.pid as number,
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
