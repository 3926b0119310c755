import { Redis } from "ioredis";

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 5_000;
const MAX_BACKOFF_MS = 2_000;

/**
 * The product's connection to Redis. A command on a dead connection fails within seconds; the connection itself comes
 * back for ever, with growing pauses of up to 2 s.
 */
export function createRedis(url: string): Redis {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 2,
    // A script that was under way when the connection broke may have run: sent again, a settle would be refused as stale.
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: true,
    // ioredis sends the next pipeline when the last was answered: scripts would wait for each other (names in lower case).
    autoPipeliningIgnoredCommands: ["evalsha", "eval", "subscribe", "unsubscribe"],
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times - 1, 8), MAX_BACKOFF_MS),
    reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 1 : false),
    // RESP2: replies have one shape, whatever the client's other defaults.
    protocol: 2,
  });
  // Without a listener ioredis prints each failed attempt; commands carry the error to where it matters.
  redis.on("error", () => undefined);
  return redis;
}
