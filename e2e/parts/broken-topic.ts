import { embeddedRedisUrl, WITHOUT_LOGIN } from "../../scripts/start/services.mjs";
import { createRedis } from "../../server/adapters/redis/connection/client";
import { streamPrefix } from "../../server/adapters/redis/streams/streams-bus";
import { parseEnv } from "../../server/env";
import { redisAccess } from "../../server/redis-access";

/** Makes every publish to a topic of the shared stack fail: its key in Redis is not a stream. */
export async function breakTopic(topic: string): Promise<void> {
  await onTopicKey(topic, (redis, key) => redis.set(key, "not a stream"));
}

/** Lets the topic accept events again. Its breaker stays open until its next trial or a reset. */
export async function repairTopic(topic: string): Promise<void> {
  await onTopicKey(topic, (redis, key) => redis.del(key));
}

async function onTopicKey(
  topic: string,
  run: (redis: ReturnType<typeof createRedis>, key: string) => Promise<unknown>,
): Promise<void> {
  const externalRedisUrl = process.env.E2E_REDIS_URL;
  const redisUrl = externalRedisUrl || embeddedRedisUrl(process.env.E2E_DATA_DIR ?? "");
  const env = parseEnv({
    ...(externalRedisUrl ? {} : WITHOUT_LOGIN),
    CLICKHOUSE_URL: "http://127.0.0.1",
    REDIS_URL: redisUrl,
  });
  const redis = createRedis(redisAccess(env));
  try {
    await run(redis, `${streamPrefix(env.REDIS_PREFIX)}${topic}`);
  } finally {
    redis.disconnect();
  }
}
