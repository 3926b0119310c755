import { randomUUID } from "node:crypto";
import type { Redis as SingleRedis } from "ioredis";
import { Kafka, logLevel } from "kafkajs";
import { isCluster } from "~/server/adapters/redis/connection/client";
import type { Redis } from "~/server/adapters/redis/connection/redis-types";
import type { SeenMessage } from "./compare";

export const TOPICS = ["faults.a", "faults.b", "faults.c", "faults.d", "faults.delayed"];
const DELAYED_TOPIC = "stufio.events.delayed";
const DEAD_LETTER_TOPIC = `${DELAYED_TOPIC}.dlq`;
const PREFIX = "stufio:bus:";
/** The header that identifies a bad message among the dead letters. */
const BAD_NAME = "faults_name";

/** A message of the delayed topic that must be dead-lettered. */
export interface BadMessage {
  /** Identifies the message among the dead letters. */
  name: string;
  headers: Record<string, string>;
  value: Buffer;
}

/** A producer and a consumer of the bus that do not use the product's bus adapters. */
export interface BusSide {
  sendDelayed(input: { correlationId: string; topic: string; deliveryMs: number }): Promise<void>;
  sendBad(input: BadMessage): Promise<void>;
  /** Name of each dead-lettered message → code of its reason. */
  deadLetters(): Promise<Map<string, string>>;
  /** Wipes Redis. If the bus is in Redis, the same transaction first collects its messages. */
  wipe(redis: Redis): Promise<void>;
  /** All published messages, including those that `wipe` collected. Call it once. */
  collect(): Promise<SeenMessage[]>;
  close(): Promise<void>;
}

/** Runs a command on each master. */
export async function onEachMaster(redis: Redis, command: (master: SingleRedis) => Promise<unknown>): Promise<void> {
  await Promise.all((isCluster(redis) ? redis.nodes("master") : [redis]).map(command));
}

const delayedValue = (id: string) =>
  JSON.stringify({ event_id: id, entity: { type: "faults", id }, action: "delayed", payload: {} });
const headersOf = (input: { correlationId: string; topic: string; deliveryMs: number }) => ({
  delivery_time: String(input.deliveryMs),
  original_topic: input.topic,
  correlation_id: input.correlationId,
});

function seenMessage(headers: Record<string, string>): SeenMessage {
  return {
    eventId: headers.event_id ?? "",
    scheduleId: headers.schedule_id ?? "",
    scheduledFor: headers.scheduled_for ?? "",
  };
}

function addDeadLetter(dead: Map<string, string>, headers: Record<string, string>): void {
  const name = headers[BAD_NAME];
  if (name !== undefined) dead.set(name, headers.dlq_code ?? "");
}

export function redisSide(redis: Redis): BusSide {
  const collected: SeenMessage[] = [];
  const dead = new Map<string, string>();
  const headersIn = (entries: unknown): Record<string, string>[] =>
    (entries as [string, string[]][]).map(([, fields]) => JSON.parse(fields[fields.indexOf("headers") + 1] ?? "{}"));
  const addMessages = (entries: unknown) => {
    for (const headers of headersIn(entries)) collected.push(seenMessage(headers));
  };
  const addDeadLetters = (entries: unknown) => {
    for (const headers of headersIn(entries)) addDeadLetter(dead, headers);
  };
  return {
    async sendDelayed(input) {
      const headers = JSON.stringify(headersOf(input));
      await redis.xadd(
        `${PREFIX}${DELAYED_TOPIC}`,
        "*",
        "key",
        "k",
        "value",
        delayedValue(input.correlationId),
        "headers",
        headers,
      );
    },
    async sendBad({ name, headers, value }) {
      const json = JSON.stringify({ ...headers, [BAD_NAME]: name });
      await redis.xadd(`${PREFIX}${DELAYED_TOPIC}`, "*", "key", "k", "value", value, "headers", json);
    },
    async deadLetters() {
      addDeadLetters(await redis.xrange(`${PREFIX}${DEAD_LETTER_TOPIC}`, "-", "+"));
      return dead;
    },
    async wipe() {
      if (isCluster(redis)) throw new Error("The streams of a cluster cannot be read at the moment of a wipe.");
      const multi = redis.multi();
      for (const topic of TOPICS) multi.xrange(`${PREFIX}${topic}`, "-", "+");
      multi.xrange(`${PREFIX}${DEAD_LETTER_TOPIC}`, "-", "+");
      const answers = (await multi.flushall().exec()) ?? [];
      addDeadLetters(answers[TOPICS.length]?.[1] ?? []);
      for (const [, entries] of answers.slice(0, TOPICS.length)) addMessages(entries);
    },
    async collect() {
      for (const topic of TOPICS) addMessages(await redis.xrange(`${PREFIX}${topic}`, "-", "+"));
      return collected;
    },
    async close() {},
  };
}

/** Creates the topics. */
export async function kafkaSide(brokers: string): Promise<BusSide> {
  const kafka = new Kafka({ clientId: "faults", brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [...TOPICS, DELAYED_TOPIC, DEAD_LETTER_TOPIC].map((topic) => ({ topic, numPartitions: 3 })),
  });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  return {
    async sendDelayed(input) {
      const message = { key: "k", value: delayedValue(input.correlationId), headers: headersOf(input) };
      await producer.send({ topic: DELAYED_TOPIC, acks: -1, messages: [message] });
    },
    async sendBad({ name, headers, value }) {
      const message = { key: "k", value, headers: { ...headers, [BAD_NAME]: name } };
      await producer.send({ topic: DELAYED_TOPIC, acks: -1, messages: [message] });
    },
    async deadLetters() {
      const dead = new Map<string, string>();
      for (const headers of await readAll(kafka, [DEAD_LETTER_TOPIC])) addDeadLetter(dead, headers);
      return dead;
    },
    async wipe(redis) {
      await onEachMaster(redis, (master) => master.flushall());
    },
    collect: async () => (await readAll(kafka, TOPICS)).map(seenMessage),
    close: () => producer.disconnect(),
  };
}

/** Reads the headers of all messages of the topics. */
async function readAll(kafka: Kafka, topics: readonly string[]): Promise<Record<string, string>[]> {
  const admin = kafka.admin();
  await admin.connect();
  let total = 0;
  for (const topic of topics) {
    for (const { high, low } of await admin.fetchTopicOffsets(topic)) total += Number(high) - Number(low);
  }
  await admin.disconnect();
  const found: Record<string, string>[] = [];
  if (total === 0) return found;
  const consumer = kafka.consumer({ groupId: `read-${randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await new Promise<void>((done) => {
    void consumer.run({
      async eachMessage({ message }) {
        const entries = Object.entries(message.headers ?? {}).map(([name, bytes]) => [name, String(bytes)]);
        found.push(Object.fromEntries(entries));
        if (found.length >= total) done();
      },
    });
  });
  await consumer.disconnect();
  return found;
}
