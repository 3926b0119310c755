import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createRedis } from "~/server/adapters/redis/connection/client";
import type { Redis } from "~/server/adapters/redis/connection/redis-types";
import { openContainer } from "~/server/container";
import { type EmbeddedClickHouse, startEmbedded } from "~/server/embedded-clickhouse/start";
import type { Ctx } from "~/server/services/ctx";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import { markFilled } from "~/server/testing/mark-filled";
import { type RunningRedis, startRedis } from "~/server/testing/services/redis";
import { startWorkerProcess, type WorkerProcess } from "~/server/testing/worker-process";

/** The default of `REDIS_PREFIX`. */
export const PREFIX = "stufio:";

/** The installation that the rows measure. */
export interface Bench {
  readonly quick: boolean;
  /** Number of runs of the product and of the peer. */
  readonly runs: number;
  /** Sizes of the generated catalogues and histories. */
  readonly sizes: Readonly<Record<"million" | "history" | "large", { schedules: number; executions: number }>>;
  /** A temporary directory, deleted by `close`. */
  readonly dir: string;
  readonly redis: RunningRedis;
  /** A connection to `redis` that the product does not use. */
  readonly client: Redis;
  readonly clickhouse: EmbeddedClickHouse;
  readonly ctx: Ctx;
  say(line: string): void;
  /** Time since the bench was opened, ms. */
  spentMs(): number;
  startWorker(env?: Record<string, string>): Promise<WorkerProcess>;
  /** Like `startWorker`; `trips` returns the number of round trips to Redis since the worker's start. */
  startCountedWorker(): Promise<{ trips(): Promise<number> }>;
  /** Stops all workers and empties Redis. */
  emptyRedis(): Promise<void>;
  close(): Promise<void>;
}

const COUNTER = fileURLToPath(new URL("./count-round-trips.mjs", import.meta.url));

/** Redis options as in `npm start`, for the product and the peers. `startRedis` adds those of the append-only file. */
const REDIS_ARGS = ["--save", "", "--maxmemory-policy", "noeviction", "--auto-aof-rewrite-min-size", "256mb"];

const QUICK_SIZES = {
  million: { schedules: 50_000, executions: 50_000 },
  history: { schedules: 50_000, executions: 200_000 },
  large: { schedules: 100_000, executions: 300_000 },
};
const SIZES = {
  million: { schedules: 1_000_000, executions: 1_000_000 },
  history: { schedules: 1_000_000, executions: 10_000_000 },
  large: { schedules: 10_000_000, executions: 100_000_000 },
};

export async function openBench(input: { quick: boolean; say: (line: string) => void }): Promise<Bench> {
  const openedAt = performance.now();
  const dir = await mkdtemp(join(tmpdir(), "stufio-bench-"));
  const redis = await startRedis({ dir: join(dir, "redis"), appendonly: true, extraArgs: REDIS_ARGS });
  const clickhouse = await startEmbedded({ path: join(dir, "clickhouse") });
  const env = { REDIS_URL: redis.url, CLICKHOUSE_URL: clickhouse.url, LOG_LEVEL: "error" };
  Object.assign(process.env, env);
  const client = createRedis({ url: redis.url });
  const container = await openContainer("code");
  const { deps } = container;
  const workers = new Set<WorkerProcess>();
  process.once("exit", () => {
    for (const worker of workers) worker.signal("SIGKILL");
    void clickhouse.kill9();
  });
  const endWorkers = async () => {
    await Promise.all([...workers].map((worker) => worker.end("SIGTERM")));
    workers.clear();
  };
  const startWorker = async (more: Record<string, string> = {}) => {
    const worker = await startWorkerProcess({ ...env, LOG_LEVEL: "info", ...more });
    workers.add(worker);
    return worker;
  };
  return {
    quick: input.quick,
    runs: input.quick ? 1 : 5,
    sizes: input.quick ? QUICK_SIZES : SIZES,
    dir,
    redis,
    client,
    clickhouse,
    ctx: { deps, principal: SYSTEM_PRINCIPAL, requestId: "bench" },
    say: input.say,
    spentMs: () => performance.now() - openedAt,
    startWorker,
    async startCountedWorker() {
      const file = join(dir, `trips-${randomUUID()}`);
      const worker = await startWorker({ NODE_OPTIONS: `--import ${COUNTER}`, BENCH_TRIPS_FILE: file });
      return {
        async trips() {
          await rm(file, { force: true });
          worker.signal("SIGUSR2");
          let text = "";
          await until("the count", 10_000, async () => {
            text = await readFile(file, "utf8").catch(() => "");
            return text !== "";
          });
          return Number(text);
        },
      };
    },
    async emptyRedis() {
      await endWorkers();
      await client.flushall();
      // Without an epoch, the next worker would rebuild Redis.
      await markFilled(deps.hot);
      await pause(300);
    },
    async close() {
      await endWorkers();
      await container.close();
      client.disconnect();
      await redis.stop();
      await clickhouse.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Polls until `holds` returns true. Throws after `timeoutMs`. */
export async function until(
  what: string,
  timeoutMs: number,
  holds: () => Promise<boolean>,
  everyMs = 10,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`timed out after ${timeoutMs / 1000} s, waiting for ${what}`);
    await pause(everyMs);
  }
}
