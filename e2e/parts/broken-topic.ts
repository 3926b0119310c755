import { embeddedRedisUrl, WITHOUT_LOGIN } from "../../scripts/start/services.mjs";
import { createRedis } from "../../server/adapters/redis/connection/client";
import { streamPrefix } from "../../server/adapters/redis/streams/streams-bus";
import { parseEnv } from "../../server/env";
import { redisAccess } from "../../server/redis-access";

/** A topic of the shared stack on which every publish fails: its key in Redis holds a text instead of a stream. */
export async function breakTopic(topic: string): Promise<void> {
  const given = process.env.E2E_REDIS_URL;
  const redisUrl = given || embeddedRedisUrl(process.env.E2E_DATA_DIR ?? "");
  const env = parseEnv({ ...(given ? {} : WITHOUT_LOGIN), CLICKHOUSE_URL: "http://127.0.0.1", REDIS_URL: redisUrl });
  const redis = createRedis(redisAccess(env));
  try {
    await redis.set(`${streamPrefix(env.REDIS_PREFIX)}${topic}`, "not a stream");
  } finally {
    redis.disconnect();
  }
}
