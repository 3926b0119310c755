import { setTimeout as pause } from "node:timers/promises";
import type { Message } from "kafkajs";
import type { BusMessage, PublishFailure, PublishResult } from "./bus-types";
import type { KafkaConnection } from "./kafka-client";
import { type KafkaFault, readKafkaError } from "./kafka-errors";
import { createProducerSession, type ProducerSession } from "./kafka-producer-session";
import { messageFault, type Part, planRounds } from "./publish-plan";
import { RequestTimeoutError, withTimeout } from "./request-timeout";

/** Kafka refuses a record batch above `message.max.bytes`, 1,048,588 by default; this leaves room for its header. */
const LIMITS = { partBytes: 1_000_000, partMessages: 1000, roundBytes: 16_000_000 };
/** A topic that the broker creates on first sight takes some hundred ms to get a leader. */
const RETRY_PAUSES_MS = [100, 200, 400, 800];
const ALONE_AT_ONCE = 16;

export interface KafkaPublisher {
  connect(): Promise<void>;
  publish(messages: readonly BusMessage[]): Promise<PublishResult[]>;
  stop(): Promise<void>;
}

/*
 * kafkajs answers for a whole request: one partition's refusal hides the acknowledgement of the others, and repeating them is
 * a duplicate each. So a topic that failed is a suspect and travels alone until it has succeeded again, and a request
 * of several topics that failed is repeated topic by topic.
 * It also asks for the metadata of every topic it has ever met, where one that is gone fails all: then the session,
 * which holds that list, is replaced.
 */
export function createKafkaPublisher(connection: KafkaConnection): KafkaPublisher {
  let current: ProducerSession | null = null;
  const suspects = new Set<string>();

  const session = () => {
    current ??= createProducerSession(connection);
    return current;
  };
  const replace = (unfit: ProducerSession) => {
    if (current === unfit) current = null;
    void unfit.retire();
  };

  async function publish(messages: readonly BusMessage[]): Promise<PublishResult[]> {
    const results = messages.map<PublishResult | null>(messageFault);
    const outgoing = messages.map<Message>(({ key, value, headers }) => ({ key, value, headers }));
    const endsAt = performance.now() + connection.requestTimeoutMs;
    const remainingMs = () => endsAt - performance.now();

    const settle = (part: Part, result: (message: Message) => PublishResult) => {
      for (const index of part.indexes) results[index] = result(outgoing[index] as Message);
    };

    async function deliver(parts: readonly Part[]): Promise<void> {
      for (let attempt = 0; ; attempt++) {
        const producer = session();
        const allKnown = parts.every((part) => producer.knows(part.topic));
        const topics = parts.map(({ topic, indexes }) => ({
          topic,
          messages: indexes.map((index) => outgoing[index] as Message),
        }));
        const fault = await attemptSend(producer, { topics, timeoutMs: remainingMs() });
        if (!fault) {
          for (const part of parts) {
            suspects.delete(part.topic);
            settle(part, (message) => ({ ok: true, ...producer.placeOf(message) }));
          }
          return;
        }
        const pauseMs = RETRY_PAUSES_MS[attempt] ?? Number.POSITIVE_INFINITY;
        const tried = parts.some((part) => suspects.has(part.topic)) && attempt > 0;
        const again = (fault.transient || producer.retired) && !tried && remainingMs() > pauseMs;
        if (fault.errorClass === "broker_connection" ? !again : fault.topicNotReady && allKnown) replace(producer);
        if (parts.length > 1 && fault.errorClass !== "broker_connection" && (allKnown || !again)) {
          return deliverAlone(parts);
        }
        if (!again) return giveUp(parts, { fault, producer });
        await pause(pauseMs);
      }
    }

    async function deliverAlone(parts: readonly Part[]): Promise<void> {
      const queue = parts.values();
      const lane = async () => {
        for (const part of queue) await deliver([part]);
      };
      await Promise.all(Array.from({ length: Math.min(ALONE_AT_ONCE, parts.length) }, lane));
    }

    async function giveUp(
      parts: readonly Part[],
      why: { fault: KafkaFault; producer: ProducerSession },
    ): Promise<void> {
      const { errorClass, message, retriable, tooLarge, topicNotReady } = why.fault;
      const failure: PublishFailure = { ok: false, errorClass, message, retriable };
      for (const part of parts) {
        if (tooLarge && part.indexes.length > 1) {
          // The topic takes less than Kafka's default. One half after the other, for the order's sake.
          for (const half of halves(part)) await deliver([half]);
          continue;
        }
        if (errorClass === "publish") suspects.add(part.topic);
        settle(part, () => failure);
      }
      if (topicNotReady) replace(why.producer);
    }

    const legal = [...messages.keys()].filter((index) => results[index] === null);
    for (const round of planRounds({ messages, indexes: legal, limits: LIMITS })) {
      const alone = round.filter((part) => suspects.has(part.topic) || part.bytes > LIMITS.partBytes);
      const together = round.filter((part) => !alone.includes(part));
      await Promise.all([together.length > 0 ? deliver(together) : null, deliverAlone(alone)]);
    }
    return results as PublishResult[];
  }

  return {
    connect: () => session().connect(),
    publish,
    async stop() {
      const last = current;
      current = null;
      await last?.retire();
    },
  };
}

async function attemptSend(
  producer: ProducerSession,
  input: { topics: { topic: string; messages: Message[] }[]; timeoutMs: number },
): Promise<KafkaFault | null> {
  if (input.timeoutMs <= 0) return readKafkaError(new RequestTimeoutError("Kafka", 0));
  try {
    await withTimeout(producer.send(input.topics), { what: "Kafka", timeoutMs: input.timeoutMs });
    return null;
  } catch (error) {
    return readKafkaError(error);
  }
}

function halves(part: Part): Part[] {
  const middle = Math.ceil(part.indexes.length / 2);
  const share = (indexes: number[]) => ({
    topic: part.topic,
    indexes,
    bytes: (part.bytes * indexes.length) / part.indexes.length,
  });
  return [share(part.indexes.slice(0, middle)), share(part.indexes.slice(middle))];
}
