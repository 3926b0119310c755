import { randomBytes, randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bus } from "~/server/ports/bus";
import { busConformance, collect, type FragileBroker, message } from "~/server/testing/bus-conformance";
import { createTopics } from "~/server/testing/kafka-topics";
import { freePort } from "~/server/testing/services/free-port";
import { kafkaAvailability, type RunningKafka, startKafka } from "~/server/testing/services/kafka";
import { createKafkaBus } from "./kafka-bus";

const unique = (name: string) => `${name}.${randomUUID().slice(0, 8)}`;
const open = (brokers: string, requestTimeoutMs = 10_000) =>
  createKafkaBus({ brokers: brokers.split(","), clientId: "bus-test", requestTimeoutMs });

const externalBrokers = process.env.TEST_KAFKA_BROKERS;
const availability = kafkaAvailability();
const canTest = externalBrokers !== undefined || availability.available;
if (!canTest) console.warn(`The Kafka tests are skipped: ${availability.reason}`);

async function fragileBroker(): Promise<FragileBroker> {
  const broker = await startKafka();
  return {
    open: () => open(broker.brokers, 5000),
    kill: () => broker.kill9(),
    bringBack: () => broker.restart(),
    close: () => broker.stop(),
  };
}

describe.skipIf(!canTest)("Kafka", () => {
  let broker: { brokers: string; stop(): Promise<void> };
  beforeAll(async () => {
    broker = externalBrokers ? { brokers: externalBrokers, stop: async () => {} } : await startKafka();
  }, 120_000);
  afterAll(() => broker?.stop());

  busConformance("Kafka", async () => {
    const deadPort = await freePort();
    return {
      inOrder: true,
      open: () => open(broker.brokers),
      openDead: (requestTimeoutMs) => open(`127.0.0.1:${deadPort}`, requestTimeoutMs),
      fragile: availability.available ? fragileBroker : null,
      close: async () => {},
    };
  });

  describe("the Kafka bus", { timeout: 60_000 }, () => {
    let bus: Bus;
    const admin = () =>
      new Kafka({ brokers: broker.brokers.split(","), clientId: "admin", logLevel: logLevel.NOTHING }).admin();

    async function createTopic(config: Record<string, string>, partitions = 1): Promise<string> {
      const topic = unique("made");
      const client = admin();
      await client.connect();
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      await createTopics(client, { topics: [{ topic, numPartitions: partitions, configEntries }] });
      await client.disconnect();
      return topic;
    }

    beforeAll(async () => {
      bus = open(broker.brokers);
      await bus.start();
    });
    afterAll(() => bus?.stop());

    it("reports a message that is too large as a bad payload, and sends the other messages", async () => {
      const [topic, other] = [unique("large"), unique("other")];
      const big = message({ topic, key: "k", value: randomBytes(2_000_000) });
      const small = (to: string, value: string) => message({ topic: to, key: "k", value });
      const results = await bus.publish([small(topic, "1"), big, small(topic, "2"), small(other, "3")]);
      expect(results).toMatchObject([
        { ok: true },
        {
          ok: false,
          errorClass: "bad_payload",
          retriable: false,
          message: expect.stringMatching(/^MESSAGE_TOO_LARGE/),
        },
        { ok: true },
        { ok: true },
      ]);
      const reader = await collect(bus, { topic });
      await reader.until(2);
      expect(reader.values()).toEqual(["1", "2"]);
    });

    it("sends many messages that together exceed the largest batch", async () => {
      const topic = await createTopic({});
      const batch = Array.from({ length: 60 }, () => message({ topic, key: "k", value: randomBytes(100_000) }));
      expect((await bus.publish(batch)).filter((result) => !result.ok)).toEqual([]);
      const delivered = await (await collect(bus, { topic })).until(60);
      expect(delivered.map((one) => one.value.equals(batch[Number(one.offset)]?.value as Buffer))).toEqual(
        batch.map(() => true),
      );
    });

    it("finds the message size limit of a topic, and keeps the order", async () => {
      const topic = await createTopic({ "max.message.bytes": "20000" });
      const batch = Array.from({ length: 16 }, (_, n) =>
        message({ topic, key: "k", value: n === 5 ? randomBytes(30_000) : randomBytes(5000) }),
      );
      const results = await bus.publish(batch);
      expect(results.map((result) => result.ok)).toEqual(batch.map((_, n) => n !== 5));
      expect(results[5]).toMatchObject({ errorClass: "bad_payload", retriable: false });
      const delivered = await (await collect(bus, { topic })).until(15);
      const sent = batch.filter((_, n) => n !== 5);
      expect(delivered.every((one, n) => one.value.equals(sent[n]?.value as Buffer))).toBe(true);
    });

    it("reads LZ4 that the broker compressed", async () => {
      const topic = await createTopic({ "compression.type": "lz4" });
      const kafka = new Kafka({ brokers: broker.brokers.split(","), clientId: "plain", logLevel: logLevel.NOTHING });
      const producer = kafka.producer({ allowAutoTopicCreation: false });
      await producer.connect();
      await producer.send({ topic, messages: [{ value: "plain ".repeat(5000) }] });
      await producer.disconnect();
      const reader = await collect(bus, { topic });
      await reader.until(1);
      expect(reader.values()).toEqual(["plain ".repeat(5000)]);
    });

    it("publishes to one topic although the batch also has messages of a deleted topic", async () => {
      const [gone, staying] = [await createTopic({}), await createTopic({})];
      const both = [message({ topic: gone }), message({ topic: staying })];
      expect(await bus.publish(both)).toMatchObject([{ ok: true }, { ok: true }]);
      const client = admin();
      await client.connect();
      await client.deleteTopics({ topics: [gone] });
      await client.disconnect();
      const results = await bus.publish([message({ topic: staying }), ...both]);
      expect([results[0]?.ok, results[2]?.ok]).toEqual([true, true]);
    });
  });

  describe.skipIf(!availability.available)("Kafka that creates no topics", { timeout: 60_000 }, () => {
    let strict: RunningKafka;
    let bus: Bus;
    beforeAll(async () => {
      strict = await startKafka({ properties: { "auto.create.topics.enable": "false" } });
      bus = open(strict.brokers);
    }, 120_000);
    afterAll(async () => {
      await bus?.stop();
      await strict?.stop();
    });

    it("creates a topic of the product once", async () => {
      const own = unique("own");
      await bus.ensureTopic(own);
      await bus.ensureTopic(own);
      expect(await bus.publish([message({ topic: own })])).toMatchObject([{ ok: true }]);
    });

    it("fails only the messages of an unknown topic, until the topic is created", async () => {
      const [known, unknown] = [unique("known"), unique("unknown")];
      const admin = new Kafka({ brokers: [strict.brokers], logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      await createTopics(admin, { topics: [{ topic: known, numPartitions: 1 }] });
      const batch = [message({ topic: known }), message({ topic: unknown }), message({ topic: known })];
      const failure = { ok: false, errorClass: "publish", retriable: true };
      expect(await bus.publish(batch)).toMatchObject([{ ok: true }, failure, { ok: true }]);
      expect(await bus.publish(batch)).toMatchObject([{ ok: true }, failure, { ok: true }]);
      const reader = await collect(bus, { topic: unknown });
      await createTopics(admin, { topics: [{ topic: unknown, numPartitions: 1 }] });
      await admin.disconnect();
      expect(await bus.publish(batch)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
      await reader.until(1);
      const knownReader = await collect(bus, { topic: known });
      await knownReader.until(6);
      expect(knownReader.seen).toHaveLength(6);
    });
  });
});
