import { join } from "node:path";
import { say } from "../start/output.mjs";
import { requireRedisServer, startClickHouse, startRedis } from "../start/services.mjs";

/** Matches Maven's messages if its repository does not answer. */
const OFFLINE_PATTERN =
  /Unknown host|Could not transfer|Connection (refused|timed out)|No route to host|Network is unreachable/i;

/**
 * Starts Redis, ClickHouse and, if possible, Kafka for vitest.
 * @returns `env` has their addresses; `missing` the services that cannot run here; `faults` the services that failed
 */
export async function startStores({ dataDir, start, onStop }) {
  const env = {};
  const missing = [];
  const faults = [];
  const binary = await requireRedisServer();
  env.TEST_REDIS_URL = (await startRedis({ binary, dataDir, start })).url;
  await refuseSharedChanges(env.TEST_REDIS_URL);
  env.TEST_CLICKHOUSE_URL = await startClickHouse({ dataDir, start, env: process.env });
  const { tsImport } = await import("tsx/esm/api");
  const { kafkaAvailability, startKafka } = await tsImport("../../server/testing/services/kafka.ts", import.meta.url);
  const { available, reason } = kafkaAvailability();
  if (!available) {
    missing.push(`Kafka: ${reason}`);
    return { env, missing, faults };
  }
  try {
    const kafka = await startKafka({ dir: join(dataDir, "kafka") });
    onStop(() => kafka.stop());
    env.TEST_KAFKA_BROKERS = kafka.brokers;
  } catch (error) {
    const isOffline = OFFLINE_PATTERN.test(`${error.message}\n${error.stdout ?? ""}\n${error.stderr ?? ""}`);
    if (isOffline) {
      const why = "its jars are not cached, and Maven's repository does not answer";
      missing.push(`Kafka: ${why}`);
      env.TEST_KAFKA_MISSING = why;
    } else {
      faults.push(`Kafka: ${error.message}`);
    }
  }
  say(
    `Redis ${env.TEST_REDIS_URL.replace(/:[^:@]*@/, ":***@")}, ClickHouse ${env.TEST_CLICKHOUSE_URL}, Kafka ${env.TEST_KAFKA_BROKERS ?? "none"}`,
  );
  return { env, missing, faults };
}

/**
 * Removes the right to run commands that affect every client of this Redis, because all test files use it at the same
 * time. A test that needs such a command starts its own Redis.
 */
async function refuseSharedChanges(url) {
  // Loaded here, because the packages may be installed after this module is loaded.
  const { Redis } = await import("ioredis");
  const redis = new Redis(url, { protocol: 2 });
  const commands = ["config|set", "script|flush", "client|kill", "client|pause", "flushall", "flushdb", "shutdown"];
  try {
    await redis.acl("SETUSER", "default", ...commands.map((command) => `-${command}`));
  } finally {
    redis.disconnect();
  }
}
