import { randomBytes, randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isSealed } from "~/server/domain/protection/sealed";
import { saveProtection } from "~/server/services/protection";
import { createSchedule } from "~/server/services/schedules";
import { currentSchedule } from "~/server/services/schedules/current";
import { kafkaAvailability, startKafka } from "~/server/testing/services/kafka";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorker } from "./worker";

const externalBrokers = process.env.TEST_KAFKA_BROKERS;
const availability = kafkaAvailability();
const canTest = externalBrokers !== undefined || availability.available;
if (!canTest) console.warn(`The tests of encrypted events on Kafka are skipped: ${availability.reason}`);

describe.skipIf(!canTest)("an encrypted event on Kafka", () => {
  let stack: TestStack;
  let kafka: Kafka;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const broker = externalBrokers ? { brokers: externalBrokers, stop: async () => {} } : await startKafka();
    ends.push(() => broker.stop());
    const brokers = broker.brokers.split(",");
    kafka = new Kafka({ brokers, clientId: "reader", logLevel: logLevel.NOTHING });
    stack = await startTestStack({ kafka: { brokers }, payloadKeys: [{ id: "k1", bytes: randomBytes(32) }] });
    ends.push(() => stack.stop());
  }, 120_000);
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it("is stored encrypted and published with the real payload and headers", async () => {
    const { ctx, deps } = stack;
    const topic = `cards.${randomUUID().slice(0, 8)}`;
    const rule = { topic, paths: ["$.card", "$headers.x-auth"], patterns: [], encrypt: true };
    await saveProtection({ ctx, input: rule });
    const { schedule } = await createSchedule({
      ctx,
      input: {
        ...{ topic, entityType: "card", action: "charge", executionTime: new Date(Date.now() + 2000).toISOString() },
        ...{ payload: { card: "4111" }, headers: { "x-auth": "secret" } },
      },
    });
    const stored = await currentSchedule(deps, schedule.scheduleId);
    expect([isSealed(stored.payload), stored.headers]).toEqual([
      true,
      { "x-auth": expect.stringContaining("$encrypted") },
    ]);
    const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}` });
    ends.push(() => consumer.disconnect());
    const received: { payload: unknown; auth: string | undefined }[] = [];
    const worker = await startWorker({ deps: await stack.another(), port: 0, host: "127.0.0.1", clockSkewMs: () => 0 });
    ends.push(() => worker.stop());
    const admin = kafka.admin();
    await admin.connect();
    await eventually(async () => ((await admin.listTopics()).includes(topic) ? true : null), {
      what: "the topic exists",
      timeoutMs: 30_000,
    });
    await admin.disconnect();
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        const { payload } = JSON.parse(String(message.value)) as { payload: unknown };
        received.push({ payload, auth: message.headers?.["x-auth"]?.toString() });
      },
    });
    await eventually(async () => (received.length > 0 ? true : null), { what: "it is received", timeoutMs: 30_000 });
    expect(received).toEqual([{ payload: { card: "4111" }, auth: "secret" }]);
  });
});
