import { z } from "zod";
import type { BusLogger, ConsumeInput, Consumption } from "~/server/ports/bus";
import { createRetryPause } from "~/server/timing/retry-pause";
import type { Redis } from "../connection/redis-types";
import { awaitReply, untilConnected } from "./connection";
import { claimReply, readReply, type StreamEntry, toDelivered } from "./entry";
import { isNoGroup } from "./errors";
import { trimAcknowledged } from "./trim";

/** Maximum number of entries in one batch. */
const BATCH_ENTRIES = 500;
/** How long a read waits for entries. A stop waits for the read in progress. */
const BLOCK_MS = 1000;
/** Number of acknowledged entries after which the stream is trimmed. */
const TRIM_EVERY = 5000;
/** Maximum number of pending entries that a consumer releases when it leaves; at most a few batches are pending. */
const MAX_RELEASED = 10_000;
/** A consumer that was idle for this long and has no pending entries belongs to a killed process. */
const FORGET_CONSUMER_MS = 86_400_000;

export interface StreamConsumption {
  /** A connection for this consumer only, because its reads block. */
  connection: Redis;
  key: string;
  input: ConsumeInput;
  logger?: BusLogger;
  /** A name that no other consumer of the group has. */
  consumerName: string;
  timeoutMs: number;
  /** Entries that a consumer has held this long without a heartbeat are given to another consumer. */
  claimIdleMs: number;
  /** Whether to remove entries that every group has acknowledged. */
  trimAcknowledged: boolean;
}

/*
 * The life of an entry in a group. A read with `>` makes the entry pending for this consumer. XACK after onBatch ends
 * this state. If onBatch fails, the pending entry is read again (id 0) before new entries, to keep the order. If the
 * process dies, XAUTOCLAIM moves the entry to another consumer.
 */
export function consumeStream(options: StreamConsumption): Consumption {
  const { connection, key, input, logger, consumerName: name } = options;
  const { group, topic } = input;
  const stopping = new AbortController();
  const retry = createRetryPause(stopping.signal);
  let hasGroup = false;
  /** Whether some entries that this consumer has read may be unprocessed. They are read again first. */
  let mayHavePending = false;
  /** When to look for entries of dead consumers again, by `performance.now()`. */
  let nextClaimAt = 0;
  let acknowledgedSinceTrim = 0;

  const command = (...args: [string, ...(string | number)[]]) =>
    awaitReply(connection, { reply: connection.callBuffer(...args), timeoutMs: options.timeoutMs + BLOCK_MS });

  async function joinGroup(): Promise<void> {
    await command("XGROUP", "CREATE", key, group, "0", "MKSTREAM").catch((error: Error) => {
      if (!error.message.startsWith("BUSYGROUP")) throw error;
    });
    hasGroup = true;
    for (const other of await consumersOf({ connection, key, group })) {
      const isAbandoned = other.pending === 0 && other.idle > FORGET_CONSUMER_MS;
      if (isAbandoned) await command("XGROUP", "DELCONSUMER", key, group, other.name);
    }
  }

  async function read(from: ">" | "0"): Promise<StreamEntry[]> {
    const call = ["XREADGROUP", "GROUP", group, name, "COUNT", BATCH_ENTRIES, "BLOCK", BLOCK_MS] as const;
    return readReply(await command(...call, "STREAMS", key, from));
  }

  /** The heartbeat of a batch, which keeps its entries from being given to another consumer. */
  function heartbeatOf(ids: string[]): () => Promise<void> {
    let heartbeatAt = performance.now() + options.claimIdleMs / 3;
    return async () => {
      if (performance.now() < heartbeatAt) return;
      heartbeatAt = performance.now() + options.claimIdleMs / 3;
      // XCLAIM of entries that are pending for this consumer only resets their idle time.
      await command("XCLAIM", key, group, name, 0, ...ids, "JUSTID");
    };
  }

  /** Processes and acknowledges entries. Returns false if `onBatch` failed. */
  async function handle(entries: StreamEntry[]): Promise<boolean> {
    const ids = entries.map((entry) => entry.id);
    const delivered = entries.flatMap(({ id, fields }) => (fields ? [toDelivered(topic, { id, fields })] : []));
    const lost = entries.length - delivered.length;
    if (lost > 0) logger?.warn({ topic, group, lost }, "stream entries were removed before they were processed");
    const heartbeat = heartbeatOf(ids);
    try {
      if (delivered.length > 0) await input.onBatch(delivered, heartbeat);
    } catch (error) {
      logger?.warn({ topic, group, offset: ids[0], error }, "batch failed, will be redelivered");
      mayHavePending = true;
      await retry.wait(heartbeat);
      return false;
    }
    await command("XACK", key, group, ...ids);
    retry.reset();
    acknowledgedSinceTrim += ids.length;
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
    nextClaimAt = performance.now() + options.claimIdleMs / 2;
  }

  async function step(): Promise<void> {
    await untilConnected(connection, options.timeoutMs);
    if (!hasGroup) await joinGroup();
    if (!mayHavePending && performance.now() >= nextClaimAt) await claimAbandoned();
    if (stopping.signal.aborted) return;
    const entries = await read(mayHavePending ? "0" : ">");
    input.onResumed?.();
    if (entries.length > 0) await handle(entries);
    else mayHavePending = false;
    if (options.trimAcknowledged && acknowledgedSinceTrim >= TRIM_EVERY) {
      acknowledgedSinceTrim = 0;
      await trimAcknowledged({ connection, key, timeoutMs: options.timeoutMs });
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await step();
      } catch (error) {
        if (stopping.signal.aborted) return;
        // The stream or the group was deleted, so the group must be created again.
        if (isNoGroup(error)) hasGroup = false;
        logger?.warn({ topic, group, error }, "reading from Redis Streams failed, will be retried");
        input.onInterrupted?.(error as Error);
        // A read whose reply was lost may have made entries pending for this consumer.
        mayHavePending = true;
        await retry.wait();
      }
    }
  }

  /** Makes this consumer's pending entries available to other consumers, or removes a consumer without entries. */
  async function leave(): Promise<void> {
    const reply = await command("XPENDING", key, group, "-", "+", MAX_RELEASED, name);
    const ids = PendingReply.parse(reply).map(([id]) => id.toString());
    if (ids.length === 0) await command("XGROUP", "DELCONSUMER", key, group, name);
    else await command("XCLAIM", key, group, name, 0, ...ids, "IDLE", options.claimIdleMs, "JUSTID");
  }

  const running = loop();
  return {
    async stop() {
      stopping.abort();
      // Without a connection nothing can be acknowledged.
      if (connection.status !== "ready") connection.disconnect();
      await running;
      if (hasGroup && connection.status === "ready") {
        await leave().catch((error) => logger?.warn({ topic, group, error }, "could not leave the consumer group"));
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
