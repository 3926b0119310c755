import type { ConnectionOptions } from "node:tls";
import { Cluster, type RedisOptions, Redis as SingleRedis } from "ioredis";
import type { Redis } from "./redis-types";
import { parseRedisUrl, type RedisTarget } from "./target";

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 5_000;
const MAX_BACKOFF_MS = 2_000;
/**
 * The slots' owners are asked for this often beside what MOVED tells: a failover is noticed while nothing is sent too.
 */
const SLOTS_REFRESH_MS = 2_000;

export interface RedisAccess {
  /** See `parseRedisUrl`. */
  url: string;
  /** Win over those of the URL, and may hold any characters. */
  username?: string;
  password?: string;
  /** What the sentinels themselves ask for; absent: nothing. */
  sentinelUsername?: string;
  sentinelPassword?: string;
  /** Certificates for `rediss`; the system's authorities by default. */
  tls?: Pick<ConnectionOptions, "ca" | "cert" | "key">;
}

export const backoffMs = (times: number) => Math.min(50 * 2 ** Math.min(times - 1, 8), MAX_BACKOFF_MS);

const OPTIONS: RedisOptions = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  maxRetriesPerRequest: 2,
  // A script that was under way when the connection broke may have run: sent again, a settle would be refused as stale.
  autoResendUnfulfilledCommands: false,
  reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 1 : false),
  // RESP2: replies have one shape, whatever the client's other defaults.
  protocol: 2,
};

const PIPELINING = {
  enableAutoPipelining: true,
  // ioredis sends the next pipeline when the last was answered: scripts would wait for each other (names in lower
  // case). A script that a library defines while a pipeline is collected is unknown to that pipeline, whose answer then
  // ends the process.
  autoPipeliningIgnoredCommands: ["evalsha", "eval", "subscribe", "unsubscribe", "rlflxIncr"],
};

/**
 * The product's connection to Redis: one server, the master that sentinels name, or a cluster. A command on a dead
 * connection fails within seconds; the connection itself comes back for ever, with growing pauses of up to 2 s.
 */
export function createRedis(access: RedisAccess): Redis {
  const redis = connect(parseRedisUrl(access.url), access);
  // Without a listener ioredis prints each failed attempt; commands carry the error to where it matters.
  redis.on("error", () => undefined);
  return redis;
}

function connect(target: RedisTarget, access: RedisAccess): Redis {
  const options: RedisOptions = {
    ...OPTIONS,
    username: access.username ?? target.username ?? undefined,
    password: access.password ?? target.password ?? undefined,
    tls: target.tls ? { ...access.tls } : undefined,
  };
  switch (target.kind) {
    case "single":
      return new SingleRedis({ ...options, ...PIPELINING, ...target.node, db: target.db, retryStrategy: backoffMs });
    case "sentinel":
      return new SingleRedis({
        ...options,
        ...PIPELINING,
        db: target.db,
        sentinels: target.sentinels,
        name: target.name,
        sentinelUsername: access.sentinelUsername,
        sentinelPassword: access.sentinelPassword,
        sentinelTLS: options.tls,
        enableTLSForSentinelMode: target.tls,
        // The old master may stay connected after a failover: the sentinels' word ends that.
        failoverDetector: true,
        sentinelRetryStrategy: backoffMs,
        retryStrategy: backoffMs,
      });
    case "cluster":
      // No automatic pipelines: one that meets a failover fails with MOVED, where single commands are sent on.
      return new Cluster(target.nodes, {
        slotsRefreshInterval: SLOTS_REFRESH_MS,
        // A command whose connection closed may have run: ioredis would send it again, as to a single server it must
        // not.
        retryDelayOnFailover: 0,
        clusterRetryStrategy: backoffMs,
        redisOptions: options,
      });
  }
}

/** Another connection to the same place, with options of its own. */
export function duplicateRedis(redis: Redis, options: RedisOptions = {}): Redis {
  if (!(redis instanceof Cluster)) return redis.duplicate(options);
  const { retryStrategy, enableOfflineQueue, lazyConnect, enableAutoPipelining, ...ofNodes } = options;
  const given = { clusterRetryStrategy: retryStrategy, enableOfflineQueue, lazyConnect, enableAutoPipelining };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return redis.duplicate([], { ...set, redisOptions: ofNodes });
}

export const isCluster = (redis: Redis): redis is Cluster => redis instanceof Cluster;

/** `INFO section` of the server, or of each master of a cluster. */
export async function infoOfMasters(redis: Redis, section: string): Promise<string[]> {
  if (!isCluster(redis)) return [await redis.info(section)];
  return Promise.all(redis.nodes("master").map((node) => node.info(section)));
}

/** Where the connection is at this moment, for people: `host:port`, or a cluster's masters. */
export function addressOf(redis: Redis): string {
  const nodes = isCluster(redis) ? redis.nodes("master") : [redis];
  return nodes.map(({ options }) => `${options.host}:${options.port}`).join(", ");
}
