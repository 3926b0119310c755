import type { MessageHeaders } from "~/server/domain/message-headers";
import type { PublishFailure } from "~/server/domain/publish-failure";

/*
 * The seam between the product and whatever carries its events. Two implementations keep it, and one conformance suite
 * (server/testing/bus-conformance.ts) holds both to it.
 */

/** One event to publish. `value` is carried byte for byte; a string is sent as UTF-8. */
export interface BusMessage {
  topic: string;
  /** Messages of one topic with the same key are delivered in the order in which they were published. */
  key: string | Buffer | null;
  value: string | Buffer;
  headers: MessageHeaders;
}

/** `ok` only once the broker has acknowledged it. `partition` and `offset` say where it lies, if the broker tells. */
export type PublishResult = { ok: true; partition?: number; offset?: string } | PublishFailure;

/** One message as it was read. */
export interface Delivered {
  topic: string;
  partition: string;
  /** Kafka: the offset, a decimal integer. Redis Streams: the entry's id, `<ms>-<n>`. */
  offset: string;
  /** Epoch ms: Kafka's record timestamp, the Redis entry's time. */
  timestampMs: number;
  /** Bytes only where they are no UTF-8. */
  key: string | Buffer | null;
  value: Buffer;
  headers: MessageHeaders;
  /**
   * Whether the bus delivers the partition in order to one consumer at a time: its highest offset then tells every
   * repeat.
   */
  inOrder: boolean;
  /**
   * Set where this stands for a batch of the broker's that cannot be read, for a person: why, and which offsets it has.
   * `value` is then the bytes of that batch, `offset` its last offset.
   */
  undecodable?: string;
}

export interface ConsumeInput {
  topic: string;
  group: string;
  /** A group that is new to the topic reads all of it. */
  fromBeginning: true;
  /**
   * Messages of one partition, in order; those of several partitions may be in hand at once. What was delivered is
   * committed soon after this resolves, never before. If it rejects nothing of it is committed, and the same messages
   * come again after a pause. Call `heartbeat` between steps of long work, so that they are not given to another
   * consumer meanwhile.
   */
  onBatch(batch: Delivered[], heartbeat: () => Promise<void>): Promise<void>;
  /** Reading failed, outside of `onBatch`, and is begun again after a pause. */
  onInterrupted?(error: Error): void;
  /** Reading goes on after an interruption. */
  onResumed?(): void;
}

export interface Consumption {
  /** Waits for the batch in hand, commits it and leaves the group. */
  stop(): Promise<void>;
}

export interface BusHealth {
  ok: boolean;
  /** For people: the servers' names, or what is wrong. */
  detail: string;
  latencyMs: number;
}

export interface Bus {
  /** Connects. A broker that cannot be reached is logged, not thrown: publish and consume connect when it is back. */
  start(): Promise<void>;
  /**
   * One result per message, in the same order. Never throws for a message's or the broker's fault, and ends within the
   * bus's request timeout. A message that timed out may still arrive: delivery is at least once.
   */
  publish(messages: readonly BusMessage[]): Promise<PublishResult[]>;
  /** Starts reading in the background and goes on until `stop`, through outages of the broker. */
  consume(input: ConsumeInput): Promise<Consumption>;
  /** One cheap round trip. Never throws. */
  check(): Promise<BusHealth>;
  /**
   * Whether something that can be looked at stands in the way of publishing to a topic: a server that cannot be reached
   * or refuses writes, a key of another type. Cheap, and publishes nothing. Never throws.
   */
  probe(topic: string): Promise<BusHealth>;
  /** Creates a topic of the product's own where it is missing. Throws where it is missing and cannot be created. */
  ensureTopic(topic: string): Promise<void>;
  /** Stops every consumption, then disconnects. Safe to call twice. */
  stop(): Promise<void>;
}

/** What the bus needs of a logger; pino's fits. */
export interface BusLogger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}
