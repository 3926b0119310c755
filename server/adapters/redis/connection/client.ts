import type { ConnectionOptions } from "node:tls";
import { Cluster, type RedisOptions, Redis as SingleRedis } from "ioredis";
import type { Redis } from "./redis-types";
import { parseRedisUrl, type RedisTarget } from "./target";

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 5_000;
const MAX_BACKOFF_MS = 2_000;
/** How often the slots of a cluster are read, so that a failover is found even without MOVED replies. */
const SLOTS_REFRESH_MS = 2_000;

export interface RedisAccess {
  /** See `parseRedisUrl`. */
  url: string;
  /** `username` and `password` override those of the URL, and may contain any characters. */
  username?: string;
  password?: string;
  /** Credentials of the sentinels; none by default. */
  sentinelUsername?: string;
  sentinelPassword?: string;
  /** Certificates for `rediss`; without `ca`, Node's own list of authorities is trusted. */
  tls?: Pick<ConnectionOptions, "ca" | "cert" | "key">;
}

/** The pause before an attempt to reconnect, ms: 50 before the first, then doubled each time, up to 2 s. */
export const backoffMs = (times: number) => Math.min(50 * 2 ** Math.min(times - 1, 8), MAX_BACKOFF_MS);

const OPTIONS: RedisOptions = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  maxRetriesPerRequest: 2,
  // A settle that was sent before the connection broke may have run, and would be refused when it is sent again.
  autoResendUnfulfilledCommands: false,
  // READONLY: the server became a replica in a failover. A new connection finds the new master.
  reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 1 : false),
  // RESP2 fixes the shape of replies, independent of the client's default.
  protocol: 2,
};

const PIPELINING = {
  enableAutoPipelining: true,
  // ioredis sends a pipeline only after the previous pipeline was answered, so scripts would wait for each other. The
  // rate limiter defines `rlflxIncr`: a pipeline that began earlier does not know the command, and the error would end
  // the process.
  autoPipeliningIgnoredCommands: ["evalsha", "eval", "rlflxIncr"],
};

/**
 * Connects to one server, to a master named by sentinels, or to a cluster. A command on a dead connection fails within
 * seconds. The connection reconnects for ever, with growing pauses of up to 2 s.
 */
export function createRedis(access: RedisAccess): Redis {
  const redis = connect(parseRedisUrl(access.url), access);
  // Without a listener, ioredis prints each failed attempt. The failed commands report the error.
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
        // The old master may stay connected after a failover; the detector disconnects it.
        failoverDetector: true,
        sentinelRetryStrategy: backoffMs,
        retryStrategy: backoffMs,
      });
    case "cluster":
      // No automatic pipelines: during a failover they fail with MOVED, while single commands are redirected.
      return new Cluster(target.nodes, {
        slotsRefreshInterval: SLOTS_REFRESH_MS,
        // 0 disables resending: a command whose connection closed may have run.
        retryDelayOnFailover: 0,
        clusterRetryStrategy: backoffMs,
        redisOptions: options,
      });
  }
}

/** Opens another connection to the same servers. `options` override the options of `redis`. */
export function duplicateRedis(redis: Redis, options: RedisOptions = {}): Redis {
  if (!(redis instanceof Cluster)) return redis.duplicate(options);
  // These are options of a cluster; all others are options of its nodes.
  const { retryStrategy, enableOfflineQueue, lazyConnect, enableAutoPipelining, ...nodeOptions } = options;
  const clusterOptions = { clusterRetryStrategy: retryStrategy, enableOfflineQueue, lazyConnect, enableAutoPipelining };
  const present = Object.fromEntries(Object.entries(clusterOptions).filter(([, value]) => value !== undefined));
  return redis.duplicate([], { ...present, redisOptions: nodeOptions });
}

export const isCluster = (redis: Redis): redis is Cluster => redis instanceof Cluster;

/** `INFO section` of the server, or of each master of a cluster. */
export async function infoOfEachMaster(redis: Redis, section: string): Promise<string[]> {
  if (!isCluster(redis)) return [await redis.info(section)];
  return Promise.all(redis.nodes("master").map((node) => node.info(section)));
}

/** The current `host:port` of the server, or of each master of a cluster, for logs and pages. */
export function addressOf(redis: Redis): string {
  const nodes = isCluster(redis) ? redis.nodes("master") : [redis];
  return nodes.map(({ options }) => `${options.host}:${options.port}`).join(", ");
}
