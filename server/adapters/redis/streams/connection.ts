import { type RedisOptions, Redis as SingleRedis } from "ioredis";
import { RequestTimeoutError, withTimeout } from "~/server/timing/request-timeout";
import { backoffMs, duplicateRedis } from "../connection/client";
import type { Redis } from "../connection/redis-types";

export interface RedisSource {
  /** The URL of one server, or a client whose servers and credentials are used for new connections. */
  redis: Redis | string;
}

/** Opens a connection for the bus that neither queues commands while disconnected nor resends commands. */
export function openConnection(source: RedisSource, input: { name: string; connectTimeoutMs: number }): Redis {
  const options: RedisOptions = {
    connectionName: input.name,
    connectTimeout: input.connectTimeoutMs,
    lazyConnect: true,
    // The bus uses complete keys.
    keyPrefix: "",
    enableOfflineQueue: false,
    // With pipelining, a blocking read would delay other commands, and ioredis loses the name of a command sent by
    // `call`.
    enableAutoPipelining: false,
    // An XADD that was sent before the connection broke may have arrived; its caller decides about a retry.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: backoffMs,
    // RESP2 fixes the shape of stream replies, independent of the client's default.
    protocol: 2,
  };
  const { redis } = source;
  const connection = typeof redis === "string" ? new SingleRedis(redis, options) : duplicateRedis(redis, options);
  // Without a listener, ioredis prints each failed attempt. The failed commands report the error.
  connection.on("error", () => undefined);
  return connection;
}

/**
 * Connects if necessary, and waits until commands can be sent. @throws RequestTimeoutError after `timeoutMs`, or an
 * Error as soon as the connection is closed for good.
 */
export async function untilConnected(connection: Redis, timeoutMs: number): Promise<void> {
  if (connection.status === "ready") return;
  if (connection.status === "end") throw new Error("the connection to Redis is closed");
  const waiting = new AbortController();
  const ready = new Promise<void>((resolve, reject) => {
    const listenOnce = (event: string, end: () => void) => {
      connection.once(event, end);
      waiting.signal.addEventListener("abort", () => connection.off(event, end));
    };
    listenOnce("ready", resolve);
    listenOnce("end", () => reject(new Error("the connection to Redis was closed")));
  });
  if (connection.status === "wait") connection.connect().catch(() => undefined);
  try {
    await withTimeout(ready, { what: "Redis", timeoutMs });
  } finally {
    waiting.abort();
  }
}

/** Waits at most `timeoutMs` for the reply of a command. After a timeout, the connection is closed and opened again. */
export async function awaitReply<T>(connection: Redis, input: { reply: Promise<T>; timeoutMs: number }): Promise<T> {
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
