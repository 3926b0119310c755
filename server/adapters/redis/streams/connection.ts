import { type RedisOptions, Redis as SingleRedis } from "ioredis";
import { RequestTimeoutError, withTimeout } from "~/server/timing/request-timeout";
import { backoffMs, duplicateRedis } from "../connection/client";
import type { Redis } from "../connection/redis-types";

export interface RedisSource {
  /**
   * A client whose servers and credentials are used, or a URL of one server. The bus never sends anything through the
   * client itself.
   */
  redis: Redis | string;
}

/**
 * A connection of the bus's own that fails fast: it neither queues commands while it is down nor repeats them after.
 */
export function openConnection(source: RedisSource, input: { name: string; connectTimeoutMs: number }): Redis {
  const options: RedisOptions = {
    connectionName: input.name,
    connectTimeout: input.connectTimeoutMs,
    lazyConnect: true,
    keyPrefix: "",
    enableOfflineQueue: false,
    // A blocking read must not hold up others; and with it ioredis loses the command's name in `call`.
    enableAutoPipelining: false,
    // An XADD that was on its way when the connection broke may have arrived; its caller decides about another.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: backoffMs,
    // RESP2: stream replies have one shape, whatever the client's other defaults.
    protocol: 2,
  };
  const { redis } = source;
  const connection = typeof redis === "string" ? new SingleRedis(redis, options) : duplicateRedis(redis, options);
  // Without a listener ioredis prints each failed attempt; commands carry the error to where it matters.
  connection.on("error", () => undefined);
  return connection;
}

/**
 * Connects if nobody has, and waits until commands may be sent: a RequestTimeoutError if that takes too long, another
 * error at once if the connection was closed for good.
 */
export async function untilConnected(connection: Redis, timeoutMs: number): Promise<void> {
  if (connection.status === "ready") return;
  if (connection.status === "end") throw new Error("The connection to Redis is closed");
  const waiting = new AbortController();
  const ready = new Promise<void>((resolve, reject) => {
    const settle = (end: () => void, event: string) => {
      connection.once(event, end);
      waiting.signal.addEventListener("abort", () => connection.off(event, end));
    };
    settle(resolve, "ready");
    settle(() => reject(new Error("The connection to Redis was closed")), "end");
  });
  if (connection.status === "wait") connection.connect().catch(() => undefined);
  try {
    await withTimeout(ready, { what: "Redis", timeoutMs });
  } finally {
    waiting.abort();
  }
}

/** The reply of one command, or an error within the time; a connection that went silent is dropped and opened again. */
export async function bounded<T>(connection: Redis, input: { reply: Promise<T>; timeoutMs: number }): Promise<T> {
  try {
    return await withTimeout(input.reply, { what: "Redis", timeoutMs: input.timeoutMs });
  } catch (error) {
    if (error instanceof RequestTimeoutError) {
      input.reply.catch(() => undefined);
      connection.disconnect(true);
    }
    throw error;
  }
}
