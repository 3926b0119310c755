import { setTimeout as pause } from "node:timers/promises";
import type { Message } from "kafkajs";
import { messageFault } from "~/server/domain/publish-failure";
import type { BusMessage, PublishResult } from "~/server/ports/bus";
import type { KafkaConnection } from "./client";
import { readKafkaError } from "./errors";
import { toKafka } from "./message";
import {
  type Acknowledged,
  createProducerSession,
  type Delivery,
  type ProducerSession,
  type TopicMessages,
} from "./producer-session";
import { planRounds } from "./publish-plan";

/**
 * Kafka refuses a record batch above `message.max.bytes`, 1,048,588 by default. `partBytes` leaves room for the batch's
 * header.
 */
const LIMITS = { partBytes: 1_000_000, partMessages: 1000, roundBytes: 16_000_000 };
/** An automatically created topic has a leader after some hundred ms or, on a busy broker, after seconds. */
const RETRY_PAUSES_MS = [100, 200, 400, 800, 1600];

export interface KafkaPublisher {
  connect(): Promise<void>;
  publish(messages: readonly BusMessage[]): Promise<PublishResult[]>;
  stop(): Promise<void>;
}

/*
 * Brokers report a result per partition, so only failed messages are sent again. A batch that may be refused because of
 * one record is split in halves until that record is alone. A topic that failed with the class `publish` gets, until it
 * succeeds, one retry instead of five, so that it does not delay the other topics.
 */
export function createKafkaPublisher(connection: KafkaConnection): KafkaPublisher {
  let current: ProducerSession | null = null;
  const failingTopics = new Set<string>();

  const session = () => {
    if (current?.broken) {
      void current.close();
      current = null;
    }
    current ??= createProducerSession(connection);
    return current;
  };

  async function publish(messages: readonly BusMessage[]): Promise<PublishResult[]> {
    const results = messages.map<PublishResult | null>(messageFault);
    const outgoing = messages.map(toKafka);
    const indexes = new Map(outgoing.map((message, index) => [message, index]));
    const endsAt = performance.now() + connection.requestTimeoutMs;
    const remainingMs = () => endsAt - performance.now();

    async function deliver(topics: readonly TopicMessages[]): Promise<void> {
      let remaining = topics;
      for (let attempt = 0; remaining.length > 0; attempt++) {
        const pauseMs = RETRY_PAUSES_MS[attempt] ?? Number.POSITIVE_INFINITY;
        const deliveries = await session().send(remaining, remainingMs());
        const retries: Delivery[] = [];
        const splitting: Promise<void>[] = [];
        for (const delivery of deliveries) {
          const next = handleDelivery(delivery, { attempt, mayPause: remainingMs() > pauseMs });
          if (next === "retry") retries.push(delivery);
          else if (next === "split") splitting.push(deliverHalves(delivery));
        }
        await Promise.all(splitting);
        if (retries.length > 0) await pause(pauseMs);
        remaining = byTopic(retries);
      }
    }

    /** Stores the result of each message, unless it needs a retry or a split. */
    function handleDelivery(
      delivery: Delivery,
      input: { attempt: number; mayPause: boolean },
    ): "done" | "retry" | "split" {
      const { topic, messages: sent } = delivery;
      if (delivery.ok) {
        failingTopics.delete(topic);
        storeOffsets(delivery);
        return "done";
      }
      const { errorClass, message, retriable, transient, ofOneRecord } = readKafkaError(delivery.error);
      if (ofOneRecord && sent.length > 1) return "split";
      if (transient && input.mayPause && !(failingTopics.has(topic) && input.attempt > 0)) return "retry";
      if (errorClass === "publish") failingTopics.add(topic);
      for (const one of sent) results[indexes.get(one) as number] = { ok: false, errorClass, message, retriable };
      return "done";
    }

    function storeOffsets(delivery: Acknowledged): void {
      const { messages: sent, partition, baseOffset } = delivery;
      const first = BigInt(baseOffset);
      for (const [place, one] of sent.entries()) {
        results[indexes.get(one) as number] = { ok: true, partition, offset: String(first + BigInt(place)) };
      }
    }

    /** Sends one half after the other, to keep the order. */
    async function deliverHalves({ topic, messages: sent }: Delivery): Promise<void> {
      const middle = Math.ceil(sent.length / 2);
      await deliver([{ topic, messages: sent.slice(0, middle) }]);
      await deliver([{ topic, messages: sent.slice(middle) }]);
    }

    const valid = [...messages.keys()].filter((index) => results[index] === null);
    for (const round of planRounds({ messages, indexes: valid, limits: LIMITS })) {
      const partOf = (index: number) => outgoing[index] as Message;
      await deliver(round.map(({ topic, indexes: part }) => ({ topic, messages: part.map(partOf) })));
    }
    return results as PublishResult[];
  }

  return {
    connect: () => session().connect(),
    publish,
    async stop() {
      const last = current;
      current = null;
      await last?.close();
    },
  };
}

function byTopic(deliveries: readonly Delivery[]): TopicMessages[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, messages } of deliveries) topics.set(topic, [...(topics.get(topic) ?? []), ...messages]);
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}
