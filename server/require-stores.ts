import { createClickHouse } from "./adapters/clickhouse/connection/client";
import { createRedis, infoOfMasters } from "./adapters/redis/connection/client";
import { describeTarget, parseRedisUrl } from "./adapters/redis/connection/target";
import { clickHouseAccess } from "./clickhouse-access";
import type { Env } from "./env";
import { redisAccess } from "./redis-access";
import { clickHouseFault, redisFault, replicaFault } from "./start-fault";

const TIMEOUT_MS = 6_000;

/**
 * Asks both stores once, by connections of its own. Throws a `StartFault` for the first that cannot be used: one that
 * does not answer, refuses the caller, speaks another protocol or, for Redis, is a read-only replica.
 */
export async function requireStores(given: Env): Promise<void> {
  await requireRedis(given);
  await requireClickHouse(given);
}

async function requireRedis(given: Env): Promise<void> {
  const target = parseRedisUrl(given.REDIS_URL);
  const address = describeTarget(target);
  const redis = createRedis(redisAccess(given));
  // A command that gives up says only that it did; the connection's own errors say why.
  let said = "";
  redis.on("error", (error) => {
    said = error.message;
  });
  try {
    const replication = await infoOfMasters(redis, "replication");
    const replica = target.kind === "single" ? replication.find((info) => /^role:slave/m.test(info)) : undefined;
    if (replica === undefined) return;
    const field = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(replica)?.[1];
    throw replicaFault({ address, master: `${field("master_host")}:${field("master_port")}` });
  } catch (error) {
    if ((error as Error).name === "StartFault") throw error;
    throw redisFault({ address, text: said || (error as Error).message });
  } finally {
    redis.disconnect();
  }
}

async function requireClickHouse(given: Env): Promise<void> {
  const { protocol, host } = new URL(given.CLICKHOUSE_URL);
  // Ours may not exist yet.
  const client = createClickHouse({ ...clickHouseAccess(given), database: "default", requestTimeoutMs: TIMEOUT_MS });
  try {
    const { ok, detail } = await client.ping();
    if (!ok) throw clickHouseFault({ address: `${protocol}//${host}`, text: detail });
  } finally {
    await client.close();
  }
}
