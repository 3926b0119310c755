import type { RedisAccess } from "./adapters/redis/connection/client";
import type { Env } from "./env";
import { readCertificates } from "./tls-files";

/** The connection options of Redis. Throws `EnvError` if a certificate cannot be read. */
export function redisAccess(source: Env): RedisAccess {
  return {
    url: source.REDIS_URL,
    username: source.REDIS_USERNAME,
    password: source.REDIS_PASSWORD,
    sentinelUsername: source.REDIS_SENTINEL_USERNAME,
    sentinelPassword: source.REDIS_SENTINEL_PASSWORD,
    tls: readCertificates("REDIS", {
      ca: source.REDIS_CA_FILE,
      cert: source.REDIS_CERT_FILE,
      key: source.REDIS_KEY_FILE,
    }),
  };
}
