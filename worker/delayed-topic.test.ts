import { randomUUID } from "node:crypto";
import { type IHeaders, Kafka, type KafkaMessage, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { kafkaAvailability, startKafka } from "~/server/testing/services/kafka";
import { consoleProduce } from "~/server/testing/services/kafka-console";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorkerProcess, type WorkerProcess } from "~/server/testing/worker-process";

const externalBrokers = process.env.TEST_KAFKA_BROKERS;
const availability = kafkaAvailability();
const canTest = externalBrokers !== undefined || availability.available;
if (!canTest) console.warn(`The Kafka tests are skipped: ${availability.reason}`);

const DELAYED = "stufio.events.delayed";
/** White space, trailing zeros and a large integer would change if the JSON were parsed and written again. */
const VALUE =
  '{ "entity":{"type":"user","id":1970670598291982290},  "action":"x", "payload":{"n":1.50, "b":1, "a":[]} }';
/** Headers with bytes that are not UTF-8, and with a repeated name. */
const ODD = {
  "x-bytes": Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x01]),
  "x-dup": [Buffer.from("first"), Buffer.from("second")],
};

describe.skipIf(!canTest)("the delayed topic on a real Kafka broker, written by producers of other programs", () => {
  let stack: TestStack;
  let worker: WorkerProcess;
  let kafka: Kafka;
  let brokers: string[];
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const broker = externalBrokers ? { brokers: externalBrokers, stop: async () => {} } : await startKafka();
    ends.push(() => broker.stop());
    brokers = broker.brokers.split(",");
    kafka = new Kafka({ brokers, clientId: "somebody-else", logLevel: logLevel.NOTHING });
    stack = await startTestStack({ kafka: { brokers } });
    ends.push(() => stack.stop());
    worker = await startWorkerProcess(stack.env);
    ends.push(() => worker.end());
  }, 120_000);
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  async function send(headers: IHeaders, value: string): Promise<void> {
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: DELAYED, messages: [{ key: "user.7", value, headers }] });
    await producer.disconnect();
  }

  /** Creates a topic and starts to read it. The returned lists grow with each message. */
  async function readAll(topic: string): Promise<{ messages: KafkaMessage[]; seenAt: number[] }> {
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false });
    const hasLeader = async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => ({ topics: [] }));
      return topics.some(({ partitions }) => partitions.some(({ leader }) => leader >= 0)) || null;
    };
    await eventually(hasLeader, { what: `a leader of ${topic}`, timeoutMs: 30_000 });
    await admin.disconnect();
    const messages: KafkaMessage[] = [];
    const seenAt: number[] = [];
    const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}` });
    await consumer.connect();
    ends.push(() => consumer.disconnect());
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        seenAt.push(Date.now());
        messages.push(message);
      },
    });
    return { messages, seenAt };
  }

  test("publishes a message to its original topic at its delivery time, once and byte for byte", {
    timeout: 90_000,
  }, async () => {
    const topic = `orders.${randomUUID().slice(0, 8)}`;
    const { messages, seenAt } = await readAll(topic);
    const deliverAt = Date.now() + 8000;
    await send({ delivery_time: String(deliverAt), original_topic: topic, tenant: "t1", ...ODD }, VALUE);

    await eventually(async () => (messages.length > 0 ? true : null), { what: "the event", timeoutMs: 60_000 });
    expect(messages[0]?.value?.toString()).toBe(VALUE);
    expect(messages[0]?.headers?.tenant?.toString()).toBe("t1");
    expect(messages[0]?.headers).toMatchObject(ODD);
    expect(messages[0]?.key?.toString()).toBe("user.1970670598291982290");
    expect(seenAt[0]).toBeGreaterThanOrEqual(deliverAt);
    const [row] = await eventually(
      async () => {
        const input = ListExecutionsInput.parse({ topic: [topic] });
        const { items } = await listExecutions({ ctx: stack.ctx, input });
        return items.length > 0 ? items : null;
      },
      { what: "the ledger's row" },
    );
    expect(row).toMatchObject({ status: "succeeded", trigger: "delayed_event", source: "kafka_delayed" });
    expect(messages).toHaveLength(1);
  });

  test.each(["snappy", "zstd"] as const)(
    "reads messages that the Java producer compressed with %s",
    {
      timeout: 90_000,
    },
    async (compression) => {
      const topic = `orders.${randomUUID().slice(0, 8)}`;
      const { messages } = await readAll(topic);
      const headers = { delivery_time: String(Date.now() + 500), original_topic: topic };
      const values = Array.from({ length: 20 }, (_, n) => `{"entity":{"type":"user","id":"${n}"},"action":"x"}`);
      const records = values.map((value) => ({ headers, value }));
      await consoleProduce({ brokers: brokers.join(","), topic: DELAYED, compression, records });
      await eventually(async () => messages.length >= values.length || null, { what: "the events", timeoutMs: 60_000 });
      expect(messages.map(({ value }) => value?.toString()).sort()).toEqual([...values].sort());
    },
  );

  test("moves a malformed message to the dead-letter topic with its reason, and processes later messages", {
    timeout: 90_000,
  }, async () => {
    const topic = `orders.${randomUUID().slice(0, 8)}`;
    const marker = randomUUID();
    await send({ original_topic: topic, marker, ...ODD }, VALUE);
    await send({ delivery_time: String(Date.now() + 500), original_topic: topic }, VALUE);
    const dead = await readAll(`${DELAYED}.dlq`);
    const mine = () => dead.messages.find((message) => message.headers?.marker?.toString() === marker) ?? null;
    const letter = await eventually(async () => mine(), { what: "the dead letter", timeoutMs: 60_000 });
    expect(letter.value?.toString()).toBe(VALUE);
    expect(letter.headers).toMatchObject(ODD);
    expect(letter.headers?.dlq_code?.toString()).toBe("delivery_time_missing");
    await eventually(
      async () => {
        const input = ListExecutionsInput.parse({ topic: [topic] });
        const { items } = await listExecutions({ ctx: stack.ctx, input });
        return items.find((row) => row.status === "succeeded") ?? null;
      },
      { what: "the valid message after it", timeoutMs: 30_000 },
    );
  });
});
