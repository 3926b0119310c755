import { join } from "node:path";
import { type RunningCluster, startRedisCluster } from "~/server/testing/redis-cluster";
import { freePort } from "~/server/testing/services/free-port";
import { type RunningRedis, startRedis } from "~/server/testing/services/redis";

/** The Redis of an installation, and its faults. */
export interface RedisPart {
  readonly env: Record<string, string>;
  /** Ends a single server with `kill -9`. Does nothing in a cluster. */
  kill(): Promise<void>;
  /** Starts a single server with its append-only file. Does nothing in a cluster. */
  start(): Promise<void>;
  /** Ends a shard's master with `kill -9` and waits until its replica has taken over. Null for a single server. */
  readonly failOver: ((shard: number) => Promise<void>) | null;
  /** Restarts the killed nodes of a cluster as replicas. Does nothing for a single server. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

export async function openRedis(dir: string): Promise<RedisPart> {
  const port = await freePort();
  let redis: RunningRedis;
  const part: RedisPart = {
    env: { REDIS_URL: `redis://127.0.0.1:${port}` },
    kill: () => redis.kill9(),
    async start() {
      // A full Redis refuses writes instead of dropping keys.
      const extraArgs = ["--maxmemory-policy", "noeviction"];
      redis = await startRedis({ dir: join(dir, "redis"), port, appendonly: true, extraArgs });
    },
    failOver: null,
    revive: async () => {},
    stop: () => redis.stop(),
  };
  await part.start();
  return part;
}

/** More shards than masters, so that a master has several shards. */
const SHARDS = 8;

/** Starts three masters, each with a replica. */
export async function openRedisCluster(): Promise<RedisPart> {
  const cluster: RunningCluster = await startRedisCluster({ replicas: true, appendonly: true });
  return {
    env: { REDIS_URL: cluster.url, REDIS_SHARDS: String(SHARDS) },
    kill: async () => {},
    start: async () => {},
    failOver: (shard) => cluster.failOver(`stufio:{${shard % SHARDS}}:sched`),
    revive: () => cluster.revive(),
    stop: () => cluster.stop(),
  };
}
