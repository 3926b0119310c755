import { hostname } from "node:os";
import { v7 } from "uuid";
import { z } from "zod";
import type { BusLogger, ConsumeInput, Consumption } from "~/server/ports/bus";
import { createRetryPause } from "~/server/timing/retry-pause";
import type { Redis } from "../connection/redis-types";
import { bounded, untilConnected } from "./connection";
import { claimReply, readReply, type StreamEntry, toDelivered } from "./entry";
import { isNoGroup } from "./errors";
import { trimRead } from "./trim";

const BATCH_ENTRIES = 500;
const BLOCK_MS = 1000;
/** A consumer that has held nothing and asked for nothing for this long is the remains of a killed process. */
const FORGET_CONSUMER_MS = 86_400_000;

export interface StreamConsumption {
  /** Used for blocking reads, and by nobody else. */
  connection: Redis;
  key: string;
  input: ConsumeInput;
  logger?: BusLogger;
  timeoutMs: number;
  /** What a consumer has held for this long without a heartbeat is given to another. */
  claimIdleMs: number;
  /** Remove what every group has read. */
  trimRead: boolean;
}

/*
 * The life of an entry in a group: `>` gives it to this consumer and notes it as pending; XACK after onBatch ends that.
 * If onBatch fails it stays pending with us and is read again (id 0) before anything new, so order is kept. If the
 * process dies it stays pending with a consumer that is no more, and XAUTOCLAIM brings it to a living one.
 */
export function consumeStream(options: StreamConsumption): Consumption {
  const { connection, key, input, logger } = options;
  const { group, topic } = input;
  const name = `${hostname()}-${process.pid}-${v7()}`;
  const stopping = new AbortController();
  const retry = createRetryPause(stopping.signal);
  let hasGroup = false;
  let hasFailed = false;
  let claimAt = 0;
  let acknowledged = 0;

  const command = (...args: [string, ...(string | number)[]]) =>
    bounded(connection, { reply: connection.callBuffer(...args), timeoutMs: options.timeoutMs + BLOCK_MS });

  async function joinGroup(): Promise<void> {
    await command("XGROUP", "CREATE", key, group, "0", "MKSTREAM").catch((error: Error) => {
      if (!error.message.startsWith("BUSYGROUP")) throw error;
    });
    hasGroup = true;
    for (const other of await consumersOf({ connection, key, group })) {
      const isRemains = other.pending === 0 && other.idle > FORGET_CONSUMER_MS;
      if (isRemains) await command("XGROUP", "DELCONSUMER", key, group, other.name);
    }
  }

  async function read(from: ">" | "0"): Promise<StreamEntry[]> {
    const read = ["XREADGROUP", "GROUP", group, name, "COUNT", BATCH_ENTRIES, "BLOCK", BLOCK_MS] as const;
    return readReply(await command(...read, "STREAMS", key, from));
  }

  function heartbeatOf(ids: string[]): () => Promise<void> {
    let beatAt = performance.now() + options.claimIdleMs / 3;
    return async () => {
      if (performance.now() < beatAt) return;
      beatAt = performance.now() + options.claimIdleMs / 3;
      // A claim of what we hold already does nothing but set its idle time to nought.
      await command("XCLAIM", key, group, name, 0, ...ids, "JUSTID");
    };
  }

  /** False if the caller's batch failed. */
  async function handle(entries: StreamEntry[]): Promise<boolean> {
    const ids = entries.map((entry) => entry.id);
    const delivered = entries.flatMap(({ id, fields }) => (fields ? [toDelivered(topic, { id, fields })] : []));
    const lost = entries.length - delivered.length;
    if (lost > 0) logger?.warn({ topic, group, lost }, "Entries were trimmed from the stream before they were handled");
    const heartbeat = heartbeatOf(ids);
    try {
      if (delivered.length > 0) await input.onBatch(delivered, heartbeat);
    } catch (error) {
      logger?.warn({ topic, group, offset: ids[0], error }, "A batch failed and will be delivered again");
      hasFailed = true;
      await retry.wait(heartbeat);
      return false;
    }
    await command("XACK", key, group, ...ids);
    retry.reset();
    acknowledged += ids.length;
    return true;
  }

  async function claimAbandoned(): Promise<void> {
    let cursor = "0-0";
    do {
      const claim = ["XAUTOCLAIM", key, group, name, options.claimIdleMs, cursor, "COUNT", BATCH_ENTRIES] as const;
      const claimed = claimReply(await command(...claim));
      cursor = claimed.cursor;
      if (claimed.entries.length > 0 && !(await handle(claimed.entries))) return;
    } while (cursor !== "0-0" && !stopping.signal.aborted);
    claimAt = performance.now() + options.claimIdleMs / 2;
  }

  async function step(): Promise<void> {
    await untilConnected(connection, options.timeoutMs);
    if (!hasGroup) await joinGroup();
    if (!hasFailed && performance.now() >= claimAt) await claimAbandoned();
    if (stopping.signal.aborted) return;
    const entries = await read(hasFailed ? "0" : ">");
    input.onResumed?.();
    if (entries.length > 0) await handle(entries);
    else hasFailed = false;
    if (options.trimRead && acknowledged >= BATCH_ENTRIES * 10) {
      acknowledged = 0;
      await trimRead({ connection, key, timeoutMs: options.timeoutMs });
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await step();
      } catch (error) {
        if (stopping.signal.aborted) return;
        // The stream or the server's data are gone; the group begins again with what there is.
        if (isNoGroup(error)) hasGroup = false;
        logger?.warn({ topic, group, error }, "Reading from Redis Streams failed and will be tried again");
        input.onInterrupted?.(error as Error);
        // An answer that never came may have given us entries: they are pending with us.
        hasFailed = true;
        await retry.wait();
      }
    }
  }

  /** What this consumer leaves unhandled is free for others at once, and its name goes if it leaves nothing. */
  async function leave(): Promise<void> {
    const reply = await command("XPENDING", key, group, "-", "+", 10_000, name);
    const ids = PendingReply.parse(reply).map(([id]) => id.toString());
    if (ids.length === 0) await command("XGROUP", "DELCONSUMER", key, group, name);
    else await command("XCLAIM", key, group, name, 0, ...ids, "IDLE", options.claimIdleMs, "JUSTID");
  }

  const running = loop();
  return {
    async stop() {
      stopping.abort();
      // Nothing can be in hand that a server which is away would hear of.
      if (connection.status !== "ready") connection.disconnect();
      await running;
      if (hasGroup && connection.status === "ready") {
        await leave().catch((error) => logger?.warn({ topic, group, error }, "Could not leave the group in order"));
      }
      connection.disconnect();
    },
  };
}

const PendingReply = z.array(z.tuple([z.instanceof(Buffer)]).rest(z.unknown()));
const ConsumerInfo = z.object({ name: z.string(), pending: z.number(), idle: z.number() });

async function consumersOf(input: { connection: Redis; key: string; group: string }) {
  const reply = z
    .array(z.array(z.unknown()))
    .parse(await input.connection.call("XINFO", "CONSUMERS", input.key, input.group));
  return reply.map((flat) => {
    const pairs = flat.flatMap((field, index) => (index % 2 === 0 ? [[String(field), flat[index + 1]]] : []));
    return ConsumerInfo.parse(Object.fromEntries(pairs));
  });
}
