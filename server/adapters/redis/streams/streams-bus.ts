import { messageFault } from "~/server/domain/publish-failure";
import type { Bus, BusHealth, BusLogger, BusMessage, Consumption, PublishResult } from "~/server/ports/bus";
import { addressOf } from "../connection/client";
import { defineScript, runScript } from "../script/script";
import { awaitReply, openConnection, type RedisSource, untilConnected } from "./connection";
import { consumeStream } from "./consume";
import { toPublishFailure } from "./errors";
import { inspectStreams } from "./inspect";
import { type StreamPart, streamParts } from "./parts";

/** How long a call waits for a connection in progress. After that, Redis counts as unreachable. */
const CONNECT_WAIT_MS = 1000;
/** Time to live of the key that a probe writes. */
const PROBE_MS = 1000;
/** The default of the approximate maximum number of entries in a stream. */
export const DEFAULT_MAX_ENTRIES = 1_000_000;
const xaddMany = defineScript("xadd_many.lua", { keys: ["stream"], args: ["max"] });

export interface RedisStreamsBusOptions extends RedisSource {
  /** Prefix of every key: the topic `user.notifications` has the stream `<prefix>bus:user.notifications`. */
  prefix: string;
  logger?: BusLogger;
  /** Timeout of each call, such as a publish or a health check; 5 s by default. */
  requestTimeoutMs?: number;
  /**
   * Approximate maximum number of entries in a stream; 1,000,000 by default. The oldest entries are trimmed, even
   * unread ones. `null` for a topic keeps unread entries; consumers then remove entries that every group has
   * acknowledged.
   */
  maxEntries?: number | ((topic: string) => number | null);
  /** Entries that a consumer has held this long without a heartbeat are given to another consumer; 30 s by default. */
  claimIdleMs?: number;
  /** Returns a consumer name that no other consumer has. */
  newConsumerName: () => string;
}

export const streamPrefix = (prefix: string) => `${prefix}bus:`;

/**
 * The bus over Redis Streams: one stream per topic, one partition per stream. Consumers of one group share the entries,
 * so the order is kept only if a group has one consumer at a time.
 */
export function createRedisStreamsBus(options: RedisStreamsBusOptions): Bus {
  const timeoutMs = options.requestTimeoutMs ?? 5000;
  const connectTimeoutMs = Math.min(3000, timeoutMs);
  const connection = openConnection(options, { name: "bus-publish", connectTimeoutMs });
  const consumptions = new Set<Consumption>();
  const keyOf = (topic: string) => streamPrefix(options.prefix) + topic;
  const maxEntriesOf = (topic: string) =>
    typeof options.maxEntries === "function" ? options.maxEntries(topic) : (options.maxEntries ?? DEFAULT_MAX_ENTRIES);

  /** Appends one part. Parts are sent concurrently; the connection keeps their order. */
  async function append(part: StreamPart, results: (PublishResult | null)[], timeoutMs: number): Promise<void> {
    const { topic, indexes, items } = part;
    try {
      const call = { keys: { stream: keyOf(topic) }, args: { max: maxEntriesOf(topic) ?? "" }, items };
      const ids = await awaitReply(connection, { reply: runScript(connection, xaddMany, call), timeoutMs });
      if (!Array.isArray(ids) || ids.length !== indexes.length) throw new Error("xadd_many.lua returned too few ids");
      for (const [at, index] of indexes.entries()) {
        results[index] = { ok: true, partition: 0, offset: String(ids[at]) };
      }
    } catch (error) {
      const failure = toPublishFailure(error, keyOf(topic));
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
        options.logger?.warn({ error: toPublishFailure(error).message }, "Redis is not reachable yet");
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
        consumerName: options.newConsumerName(),
        timeoutMs,
        claimIdleMs: options.claimIdleMs ?? 30_000,
        trimAcknowledged: maxEntriesOf(input.topic) === null,
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
      const elapsedMs = () => Math.round(performance.now() - startedAt);
      try {
        await untilConnected(connection, Math.min(CONNECT_WAIT_MS, timeoutMs));
        await awaitReply(connection, { reply: connection.ping(), timeoutMs });
        return { ok: true, detail: `Redis Streams at ${addressOf(connection)}`, latencyMs: elapsedMs() };
      } catch (error) {
        return { ok: false, detail: toPublishFailure(error).message, latencyMs: elapsedMs() };
      }
    },

    async inspect({ topics, group }) {
      await untilConnected(connection, Math.min(CONNECT_WAIT_MS, timeoutMs));
      return inspectStreams({ connection, keyOf, timeoutMs, topics, group });
    },

    async ensureTopic() {},

    async probe(topic): Promise<BusHealth> {
      const startedAt = performance.now();
      const elapsedMs = () => Math.round(performance.now() - startedAt);
      const key = keyOf(topic);
      try {
        await untilConnected(connection, Math.min(CONNECT_WAIT_MS, timeoutMs));
        const type = await awaitReply(connection, { reply: connection.type(key), timeoutMs });
        if (type !== "stream" && type !== "none")
          return { ok: false, detail: `the key ${key} is a ${type}, not a stream`, latencyMs: elapsedMs() };
        // A write to the same server is refused if Redis is full, read-only or cannot persist.
        const probeKey = connection.isCluster ? `{${key}}:probe` : `${key}:probe`;
        await awaitReply(connection, { reply: connection.set(probeKey, "", "PX", PROBE_MS), timeoutMs });
        return { ok: true, detail: `${key} accepts events`, latencyMs: elapsedMs() };
      } catch (error) {
        return { ok: false, detail: toPublishFailure(error).message, latencyMs: elapsedMs() };
      }
    },

    async stop() {
      await Promise.all([...consumptions].map((consumption) => consumption.stop()));
      consumptions.clear();
      connection.disconnect();
    },
  };
}
