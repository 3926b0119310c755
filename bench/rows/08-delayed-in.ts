import { randomUUID } from "node:crypto";
import kafkajs from "kafkajs";
import type { Bench } from "../parts/bench";
import { eventOf, TOPIC } from "../parts/event";
import { type BenchKafka, startKafkaPeer, withKafka } from "../parts/kafka";
import { measureAlternately } from "../parts/measure-alternately";
import type { Measured, Row } from "../parts/row";

const TARGET = 0.5;
const DELAYED = "stufio.events.delayed";
/** Messages per send while the topic is filled. */
const BATCH = 500;
/** Number of different message keys. */
const USER_COUNT = 1000;
/** Within the horizon, so that the schedules are stored in Redis. */
const AHEAD_MS = 12 * 3_600_000;

async function fillTopic(kafka: BenchKafka, count: number): Promise<void> {
  await kafka.createTopic(DELAYED);
  const client = new kafkajs.Kafka({ brokers: [kafka.brokers], clientId: "bench", logLevel: kafkajs.logLevel.ERROR });
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  for (let from = 0; from < count; from += BATCH) {
    const length = Math.min(BATCH, count - from);
    const messages = Array.from({ length }, (_, i) => delayedMessage(from + i, Date.now() + AHEAD_MS + from + i));
    await producer.send({ topic: DELAYED, messages });
  }
  await producer.disconnect();
}

function delayedMessage(index: number, dueMs: number) {
  const { topic: _, entityType, action, payload } = eventOf(dueMs);
  const id = String(index % USER_COUNT);
  const event = {
    event_id: randomUUID(),
    correlation_id: randomUUID(),
    timestamp: new Date().toISOString(),
    entity: { type: entityType, id },
    action,
    actor: { type: "system", id: "orders" },
    payload,
  };
  return {
    key: `${entityType}.${id}`,
    value: JSON.stringify(event),
    headers: { delivery_time: String(dueMs), original_topic: TOPIC, tenant: "bench" },
  };
}

/**
 * Messages per second, from the time at which the group has its partitions until it has committed all messages. The
 * broker reports both, so that the product and the peer are measured in the same way.
 */
async function rateOf(kafka: BenchKafka, input: { group: string; count: number }): Promise<number> {
  const started = await kafka.untilJoined(input.group);
  const ended = await kafka.untilCommitted({ ...input, topic: DELAYED });
  return input.count / ((ended - started) / 1000);
}

async function ourConsume(bench: Bench, kafka: BenchKafka, count: number): Promise<number> {
  const { hot } = bench.ctx.deps;
  await bench.emptyRedis();
  const groupId = `bench-${randomUUID()}`;
  const rate = rateOf(kafka, { group: `${groupId}.schedules.delayed_events`, count });
  await bench.startWorker({ KAFKA_BROKERS: kafka.brokers, KAFKA_GROUP_ID: groupId });
  const perSecond = await rate;
  const { pending } = await hot.stats();
  if (pending !== count) throw new Error(`Redis has ${pending} schedules of ${count} committed messages`);
  return perSecond;
}

async function bareConsume(bench: Bench, kafka: BenchKafka, count: number): Promise<number> {
  await bench.emptyRedis();
  const group = `bare-${randomUUID()}`;
  const peer = await startKafkaPeer("kafka-consumer.ts", { brokers: kafka.brokers, topic: DELAYED, group });
  try {
    const rate = rateOf(kafka, { group, count });
    await peer.go();
    return await rate;
  } finally {
    await peer.end();
  }
}

async function measureOn(kafka: BenchKafka, bench: Bench): Promise<Measured> {
  const count = bench.quick ? 10_000 : 50_000;
  await fillTopic(kafka, count);
  const measured = await measureAlternately(bench, {
    ours: () => ourConsume(bench, kafka, count),
    peer: () => bareConsume(bench, kafka, count),
  });
  const ratio = measured.ours / (measured.peer as number);
  return { ...measured, ratio, met: ratio >= TARGET };
}

export const delayedIn: Row = {
  id: 8,
  name: "Delayed topic in: messages consumed, stored in Redis and committed",
  unit: "messages/s",
  peer: "kafkajs alone, eachBatch, committing",
  target: `≥ ${TARGET} × peer`,
  measure: (bench) => withKafka(bench, (kafka) => measureOn(kafka, bench)),
};
