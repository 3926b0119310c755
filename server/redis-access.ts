import type { RedisAccess } from "./adapters/redis/connection/client";
import type { Env } from "./env";
import { readCertificates } from "./tls-files";

/** How the environment says that Redis is reached. Throws if a certificate cannot be read. */
export function redisAccess(given: Env): RedisAccess {
  return {
    url: given.REDIS_URL,
    username: given.REDIS_USERNAME,
    password: given.REDIS_PASSWORD,
    sentinelUsername: given.REDIS_SENTINEL_USERNAME,
    sentinelPassword: given.REDIS_SENTINEL_PASSWORD,
    tls: readCertificates("REDIS", {
      ca: given.REDIS_CA_FILE,
      cert: given.REDIS_CERT_FILE,
      key: given.REDIS_KEY_FILE,
    }),
  };
}
