import type { ConnectionOptions } from "node:tls";
import { Cluster, type RedisOptions, Redis as SingleRedis } from "ioredis";
import type { Redis } from "./redis-types";
import { parseRedisUrl, type RedisTarget } from "./target";

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 5_000;
const MAX_BACKOFF_MS = 2_000;
/** How often a cluster is asked which node has which slots, so that a failover is found even without MOVED replies. */
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
  /** Certificates for `rediss`; the system's authorities by default. */
  tls?: Pick<ConnectionOptions, "ca" | "cert" | "key">;
}

/** The pause before a connection attempt, ms: 50 before the first, then twice the previous one, up to 2 s. */
export const backoffMs = (times: number) => Math.min(50 * 2 ** Math.min(times - 1, 8), MAX_BACKOFF_MS);

const OPTIONS: RedisOptions = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  maxRetriesPerRequest: 2,
  // A script that was sent before the connection broke may have run: after a resend, its settle would be refused.
  autoResendUnfulfilledCommands: false,
  // READONLY: the server became a replica in a failover. A new connection finds the new master.
  reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 1 : false),
  // RESP2, so that replies have one shape whatever the client's defaults are.
  protocol: 2,
};

const PIPELINING = {
  enableAutoPipelining: true,
  // Scripts: ioredis sends a pipeline only after the previous one was answered, so they would wait for each other.
  // `rlflxIncr`: a command that the rate limiter defines. A pipeline that was begun before the definition does not know
  // the command, and the resulting error would end the process.
  autoPipeliningIgnoredCommands: ["evalsha", "eval", "rlflxIncr"],
};

/**
 * The product's connection to Redis: one server, a master named by sentinels, or a cluster. A command on a dead
 * connection fails within seconds; the connection reconnects for ever, with growing pauses of up to 2 s.
 */
export function createRedis(access: RedisAccess): Redis {
  const redis = connect(parseRedisUrl(access.url), access);
  // Without a listener, ioredis prints each failed attempt. The failed commands report the error anyway.
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

/** Opens another connection to the same servers, with options of its own. */
export function duplicateRedis(redis: Redis, options: RedisOptions = {}): Redis {
  if (!(redis instanceof Cluster)) return redis.duplicate(options);
  // A cluster has these options of its own; all others are options of its nodes.
  const { retryStrategy, enableOfflineQueue, lazyConnect, enableAutoPipelining, ...nodeOptions } = options;
  const clusterOptions = { clusterRetryStrategy: retryStrategy, enableOfflineQueue, lazyConnect, enableAutoPipelining };
  const present = Object.fromEntries(Object.entries(clusterOptions).filter(([, value]) => value !== undefined));
  return redis.duplicate([], { ...present, redisOptions: nodeOptions });
}

export const isCluster = (redis: Redis): redis is Cluster => redis instanceof Cluster;

/** `INFO section` of the server, or of each master of a cluster. */
export async function infoOfMasters(redis: Redis, section: string): Promise<string[]> {
  if (!isCluster(redis)) return [await redis.info(section)];
  return Promise.all(redis.nodes("master").map((node) => node.info(section)));
}

/** The current `host:port` of the server, or of each master of a cluster, for logs and pages. */
export function addressOf(redis: Redis): string {
  const nodes = isCluster(redis) ? redis.nodes("master") : [redis];
  return nodes.map(({ options }) => `${options.host}:${options.port}`).join(", ");
}
