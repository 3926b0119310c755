import { createStore } from "~/server/adapters/clickhouse/store";
import { createRedis } from "~/server/adapters/redis/connection/client";
import { createSharedKeys } from "~/server/adapters/redis/keys";
import { createRedisLoss } from "~/server/adapters/redis/shared-state/redis-loss";
import { type Env, parseEnv } from "~/server/env";
import { redisAccess } from "~/server/redis-access";
import { storeWorld } from "./demo/store-world";
import { demoWorld } from "./demo/world";
import { hasSchedules, openTarget } from "./seed/target";

/*
 * `npm start -- --demo` runs this script before the worker starts. It fills an empty installation with an online shop's
 * schedules, at least two weeks of executions and an audit trail.
 */
async function main(): Promise<void> {
  const client = await openTarget();
  try {
    if (await hasSchedules(client)) {
      console.log("There are schedules already. Nothing was added.");
      return;
    }
    const started = performance.now();
    const world = demoWorld(Date.now());
    await storeWorld(createStore(client), world);
    if (process.env.REDIS_URL) await markRedisSeeded(parseEnv(process.env));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${world.schedules.length} schedules, ${world.executions.length} executions. Done in ${seconds} s.`);
  } finally {
    await client.close();
  }
}

/** Marks Redis as seeded, so that the worker's first start does not report a lost Redis. */
async function markRedisSeeded(env: Env): Promise<void> {
  const redis = createRedis(redisAccess(env));
  try {
    await createRedisLoss(redis, createSharedKeys(env.REDIS_PREFIX)).markSeeded();
  } finally {
    redis.disconnect();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
