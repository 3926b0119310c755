import { messageFault } from "~/server/domain/publish-failure";
import type { Bus, BusHealth, BusLogger, BusMessage, Consumption, PublishResult } from "~/server/ports/bus";
import { addressOf } from "../connection/client";
import { defineScript, runScript } from "../script/script";
import { bounded, openConnection, type RedisSource, untilConnected } from "./connection";
import { consumeStream } from "./consume";
import { toPublishFailure } from "./errors";
import { type StreamPart, streamParts } from "./parts";

/** A publish that meets a connection being made waits this long at most; longer is an outage. */
const CONNECT_WAIT_MS = 1000;
/** How long the key of a probe lives. */
const PROBE_MS = 1000;
export const DEFAULT_MAX_ENTRIES = 1_000_000;
const xaddMany = defineScript("xadd_many.lua", { keys: ["stream"], args: ["max"] });

export interface RedisStreamsBusOptions extends RedisSource {
  /** Of every key: topic `user.notifications` is the stream `<prefix>bus:user.notifications`. */
  prefix: string;
  logger?: BusLogger;
  /** Bounds one publish call and one health check; 5 s by default. */
  requestTimeoutMs?: number;
  /**
   * About how many entries a stream keeps: the oldest go as new ones come, read or not. 1,000,000 by default.
   * `null` for a topic means that nothing unread goes: its consumers here remove what every group has acknowledged.
   */
  maxEntries?: number | ((topic: string) => number | null);
  /** What a consumer has held for so long without a heartbeat is given to another; 30 s by default. */
  claimIdleMs?: number;
}

/** What a topic's name is put behind. */
export const streamPrefix = (prefix: string) => `${prefix}bus:`;

/**
 * The bus over Redis Streams: one stream a topic, one partition a stream. Several consumers of one group share a
 * stream's entries, so order holds where a group has one consumer at a time.
 */
export function createRedisStreamsBus(options: RedisStreamsBusOptions): Bus {
  const timeoutMs = options.requestTimeoutMs ?? 5000;
  const connectTimeoutMs = Math.min(3000, timeoutMs);
  const connection = openConnection(options, { name: "bus-publish", connectTimeoutMs });
  const consumptions = new Set<Consumption>();
  const keyOf = (topic: string) => streamPrefix(options.prefix) + topic;
  const maxEntriesOf = (topic: string) =>
    typeof options.maxEntries === "function" ? options.maxEntries(topic) : (options.maxEntries ?? DEFAULT_MAX_ENTRIES);

  /** One call a part, all on their way at once: the connection keeps their order. */
  async function append(part: StreamPart, results: (PublishResult | null)[], timeoutMs: number): Promise<void> {
    const { topic, indexes, items } = part;
    try {
      const call = { keys: { stream: keyOf(topic) }, args: { max: maxEntriesOf(topic) ?? "" }, items };
      const ids = await bounded(connection, { reply: runScript(connection, xaddMany, call), timeoutMs });
      if (!Array.isArray(ids) || ids.length !== indexes.length) throw new Error("Redis gave no answer");
      for (const [at, index] of indexes.entries()) {
        results[index] = { ok: true, partition: 0, offset: String(ids[at]) };
      }
    } catch (error) {
      const failure = toPublishFailure(error);
      for (const index of indexes) results[index] = failure;
    }
  }

  async function publish(messages: readonly BusMessage[]): Promise<PublishResult[]> {
    const results = messages.map<PublishResult | null>(messageFault);
    const parts = streamParts(messages, (index) => results[index] === null);
    if (parts.length === 0) return results as PublishResult[];
    const startedAt = performance.now();
    try {
      await untilConnected(connection, Math.min(CONNECT_WAIT_MS, timeoutMs));
    } catch (error) {
      const failure = toPublishFailure(error);
      return results.map((result) => result ?? failure);
    }
    const leftMs = timeoutMs - (performance.now() - startedAt);
    await Promise.all(parts.map((part) => append(part, results, leftMs)));
    return results as PublishResult[];
  }

  return {
    async start() {
      try {
        await untilConnected(connection, connectTimeoutMs);
      } catch (error) {
        options.logger?.warn({ error: toPublishFailure(error).message }, "Redis cannot be reached yet");
      }
    },

    publish,

    async consume(input) {
      const consumption = consumeStream({
        connection: openConnection(options, {
          name: `bus-consume-${input.group}`.replaceAll(" ", "_"),
          connectTimeoutMs,
        }),
        key: keyOf(input.topic),
        input,
        logger: options.logger,
        timeoutMs,
        claimIdleMs: options.claimIdleMs ?? 30_000,
        trimRead: maxEntriesOf(input.topic) === null,
      });
      consumptions.add(consumption);
      return {
        async stop() {
          if (consumptions.delete(consumption)) await consumption.stop();
        },
      };
    },

    async check(): Promise<BusHealth> {
      const startedAt = performance.now();
      const since = () => Math.round(performance.now() - startedAt);
      try {
        await untilConnected(connection, Math.min(CONNECT_WAIT_MS, timeoutMs));
        await bounded(connection, { reply: connection.ping(), timeoutMs });
        return { ok: true, detail: `Redis Streams at ${addressOf(connection)}`, latencyMs: since() };
      } catch (error) {
        return { ok: false, detail: toPublishFailure(error).message, latencyMs: since() };
      }
    },

    /** Redis makes a stream with its first entry. */
    async ensureTopic() {},

    async probe(topic): Promise<BusHealth> {
      const startedAt = performance.now();
      const since = () => Math.round(performance.now() - startedAt);
      const key = keyOf(topic);
      try {
        await untilConnected(connection, Math.min(CONNECT_WAIT_MS, timeoutMs));
        const type = await bounded(connection, { reply: connection.type(key), timeoutMs });
        if (type !== "stream" && type !== "none")
          return { ok: false, detail: `${key} holds a ${type}, not a stream`, latencyMs: since() };
        // A write as any other, on the same server: refused while Redis is full, read-only or cannot persist.
        const beside = connection.isCluster ? `{${key}}:probe` : `${key}:probe`;
        await bounded(connection, { reply: connection.set(beside, "", "PX", PROBE_MS), timeoutMs });
        return { ok: true, detail: `${key} takes events`, latencyMs: since() };
      } catch (error) {
        return { ok: false, detail: toPublishFailure(error).message, latencyMs: since() };
      }
    },

    async stop() {
      await Promise.all([...consumptions].map((consumption) => consumption.stop()));
      consumptions.clear();
      connection.disconnect();
    },
  };
}
