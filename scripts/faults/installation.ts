import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type EmbeddedClickHouse, startEmbedded } from "~/server/embedded-clickhouse/start";
import { freePort } from "~/server/testing/services/free-port";
import { type RunningKafka, startKafka } from "~/server/testing/services/kafka";
import { startWorkerProcess, type WorkerProcess } from "~/server/testing/worker-process";
import { openRedis, openRedisCluster, type RedisPart } from "./redis-part";

/** Steps a worker's wall clock on a signal. */
const CLOCK = fileURLToPath(new URL("./stepping-clock.mjs", import.meta.url));

/** The running parts of an installation, with the functions that break and repair them. */
export interface Installation {
  /** The environment of a process that joins the installation. */
  readonly env: Record<string, string>;
  readonly kafka: RunningKafka | null;
  readonly workerCount: number;
  worker(slot: number): WorkerProcess | null;
  startWorker(slot: number): Promise<void>;
  readonly redis: RedisPart;
  killClickHouse(): Promise<void>;
  startClickHouse(): Promise<void>;
  close(): Promise<void>;
}

export interface InstallationInput {
  dir: string;
  workers: number;
  kafka: boolean;
  /** Redis has three masters with replicas instead of one server. */
  cluster: boolean;
}

/** Starts Redis, ClickHouse, and Kafka if requested. The workers are not started yet. */
export async function openInstallation(input: InstallationInput): Promise<Installation> {
  const { dir } = input;
  const clickhousePort = await freePort();
  const redis = input.cluster ? await openRedisCluster() : await openRedis(dir);
  let clickhouse: EmbeddedClickHouse | null = null;
  let closed = false;
  const workers: (WorkerProcess | null)[] = Array.from({ length: input.workers }, () => null);

  const installation = {
    kafka: input.kafka ? await startKafka({ dir: join(dir, "kafka") }) : null,
    workerCount: input.workers,
    worker: (slot: number) => workers[slot] ?? null,
    async startWorker(slot: number) {
      // The start fails while a store is down.
      while (!closed) {
        try {
          workers[slot] = await startWorkerProcess({ ...installation.env, NODE_OPTIONS: `--import ${CLOCK}` });
          return;
        } catch {
          await pause(1000);
        }
      }
    },
    redis,
    async killClickHouse() {
      await clickhouse?.kill9();
    },
    async startClickHouse() {
      clickhouse = await startEmbedded({ path: join(dir, "clickhouse"), port: clickhousePort });
    },
    async close() {
      closed = true;
      await Promise.all(workers.map((worker) => worker?.end("SIGKILL")));
      await redis.stop();
      await clickhouse?.stop();
      await installation.kafka?.stop();
    },
    env: {} as Record<string, string>,
  };
  installation.env = {
    ...redis.env,
    CLICKHOUSE_URL: `http://default:@127.0.0.1:${clickhousePort}`,
    // Low values, so that schedules are promoted and the watchdog runs often.
    schedules_IMMEDIATE_HORIZON_SECONDS: "60",
    schedules_TRANSFER_HORIZON_SECONDS: "30",
    schedules_CLICKHOUSE_SYNC_INTERVAL: "5",
    schedules_CHECK_INTERVAL_SECONDS: "10",
    ...(installation.kafka ? { KAFKA_BROKERS: installation.kafka.brokers } : {}),
  };
  // Redis and Kafka end with this process, the workers and ClickHouse do not.
  process.once("exit", () => {
    for (const worker of workers) worker?.signal("SIGKILL");
    if (clickhouse) void clickhouse.kill9();
  });
  await installation.startClickHouse();
  return installation;
}
