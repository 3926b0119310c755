import type { MessageHeaders } from "~/server/domain/message-headers";
import type { PublishFailure } from "~/server/domain/publish-failure";

/*
 * The interface to the broker that carries the events: Kafka or Redis Streams. Both implementations pass the same
 * conformance suite (server/testing/bus-conformance.ts).
 */

/** One event to publish. A string `value` is sent as UTF-8. */
export interface BusMessage {
  topic: string;
  /** Messages of one topic with the same key are stored in publishing order. */
  key: string | Buffer | null;
  value: string | Buffer;
  headers: MessageHeaders;
}

/** `ok`: acknowledged by the broker. `partition` and `offset` are absent if the broker does not report them. */
export type PublishResult = { ok: true; partition?: number; offset?: string } | PublishFailure;

/** A message as it was read from the bus. */
export interface Delivered {
  topic: string;
  partition: string;
  /** Kafka: the offset, a decimal integer. Redis Streams: the entry's id, `<ms>-<n>`. */
  offset: string;
  /** Kafka's record timestamp, or the time of the Redis entry; epoch ms. */
  timestampMs: number;
  /** A Buffer only if the bytes are not valid UTF-8. */
  key: string | Buffer | null;
  value: Buffer;
  headers: MessageHeaders;
  /**
   * True if the partition is read in order by one consumer at a time. A message at or before the last offset is then a
   * redelivery.
   */
  inOrder: boolean;
  /**
   * Set if a batch cannot be decoded: the reason and the offsets, for display. `value` then has the bytes of the batch,
   * and `offset` is the last offset of the batch.
   */
  undecodable?: string;
}

export interface ConsumeInput {
  topic: string;
  group: string;
  /** A new group reads the topic from the beginning. */
  fromBeginning: true;
  /**
   * Receives messages of one partition, in order. May be called concurrently for several partitions. Offsets are
   * committed after the promise resolves. If it rejects, the messages are redelivered after a pause. Call `heartbeat`
   * during long work, so that the messages are not reassigned to another consumer.
   */
  onBatch(batch: Delivered[], heartbeat: () => Promise<void>): Promise<void>;
  /** Called when reading fails outside of `onBatch`. The bus retries after a pause. */
  onInterrupted?(error: Error): void;
  /** Called after each successful read, also one without messages. */
  onResumed?(): void;
}

export interface Consumption {
  /** Waits for the current batch, commits its offsets and leaves the group. */
  stop(): Promise<void>;
}

export interface BusHealth {
  ok: boolean;
  detail: string;
  latencyMs: number;
}

/** A consumer group and the topic that it reads. */
export interface BusGroup {
  group: string;
  topic: string;
}

/** What the broker reports about topics and a group. */
export interface BusFacts {
  kind: "kafka" | "redis_streams";
  /** `host:port` of each broker. */
  brokers: string[];
  /** A topic that does not exist has no partitions. `replicas`: the number of the partition that has the fewest. */
  topics: { topic: string; partitions: number; replicas: number }[];
  /** `state`: as the broker names it. `lag`: messages that are not acknowledged; null if unknown. */
  group: BusGroup & { state: string; members: number; lag: number | null };
}

export interface Bus {
  /** Connects. Logs an unreachable broker instead of throwing; `publish` and `consume` connect later. */
  start(): Promise<void>;
  /**
   * Returns one result per message, in the same order, within the bus's request timeout. Never throws for a fault of a
   * message or the broker. A message that timed out may still arrive.
   */
  publish(messages: readonly BusMessage[]): Promise<PublishResult[]>;
  /** Reads in the background until `stop`, and continues after outages of the broker. */
  consume(input: ConsumeInput): Promise<Consumption>;
  /** One cheap round trip. Never throws. */
  check(): Promise<BusHealth>;
  /**
   * Checks without publishing that the broker is reachable and, for Redis Streams, accepts writes to the topic's key.
   * Never throws.
   */
  probe(topic: string): Promise<BusHealth>;
  /** Describes topics and a consumer group. Creates nothing. Throws if the broker does not answer. */
  inspect(input: { topics: readonly string[]; group: BusGroup }): Promise<BusFacts>;
  /** Creates one of the product's own topics if it is missing. Throws if it cannot be created. */
  ensureTopic(topic: string): Promise<void>;
  /** Stops every consumption, then disconnects. Safe to call twice. */
  stop(): Promise<void>;
}

/** The logger interface of the bus; pino implements it. */
export interface BusLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
