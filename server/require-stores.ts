import { createClickHouse } from "./adapters/clickhouse/connection/client";
import { createRedis, infoOfEachMaster } from "./adapters/redis/connection/client";
import { describeTarget, parseRedisUrl } from "./adapters/redis/connection/target";
import { clickHouseAccess } from "./clickhouse-access";
import type { Env } from "./env";
import { redisAccess } from "./redis-access";
import { clickHouseFault, redisFault, replicaFault } from "./start-fault";

const CLICKHOUSE_TIMEOUT_MS = 6_000;

/**
 * Connects to both stores once. Throws a `StartFault` if a store does not answer, rejects the credentials or speaks
 * another protocol, or if Redis is a replica, and `EnvError` for connection options that cannot be used.
 */
export async function requireStores(source: Env): Promise<void> {
  await requireRedis(source);
  await requireClickHouse(source);
}

async function requireRedis(source: Env): Promise<void> {
  const target = parseRedisUrl(source.REDIS_URL);
  const address = describeTarget(target);
  const redis = createRedis(redisAccess(source));
  // The error of a command that timed out does not tell the cause, but the error of the connection does.
  let connectionError = "";
  redis.on("error", (error) => {
    connectionError = error.message;
  });
  try {
    // Behind sentinels or in a cluster, the client connects to masters, so only a single server can be a replica.
    const replication = await infoOfEachMaster(redis, "replication");
    const replica = target.kind === "single" ? replication.find((info) => /^role:slave/m.test(info)) : undefined;
    if (replica === undefined) return;
    const field = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(replica)?.[1];
    throw replicaFault({ address, master: `${field("master_host")}:${field("master_port")}` });
  } catch (error) {
    if ((error as Error).name === "StartFault") throw error;
    throw redisFault({ address, text: connectionError || (error as Error).message });
  } finally {
    redis.disconnect();
  }
}

async function requireClickHouse(source: Env): Promise<void> {
  const { protocol, host } = new URL(source.CLICKHOUSE_URL);
  // The product's database may not exist yet, so connect to the default one.
  const client = createClickHouse({
    ...clickHouseAccess(source),
    database: "default",
    requestTimeoutMs: CLICKHOUSE_TIMEOUT_MS,
  });
  try {
    const { ok, detail } = await client.ping();
    if (!ok) throw clickHouseFault({ address: `${protocol}//${host}`, text: detail });
  } finally {
    await client.close();
  }
}
