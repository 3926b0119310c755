import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bus } from "~/server/ports/bus";
import { collect, message } from "~/server/testing/bus-conformance";
import { createTopics } from "~/server/testing/kafka-topics";
import { freePort } from "~/server/testing/services/free-port";
import { kafkaAvailability, type RunningKafka, startKafka } from "~/server/testing/services/kafka";
import { createKafkaBus } from "./kafka-bus";

const unique = (name: string) => `${name}.${randomUUID().slice(0, 8)}`;
const { available, reason } = kafkaAvailability();
if (!available) console.warn(`The tests of requests that fail in part are skipped: ${reason}`);

/** Starts two brokers. The first is also the controller. */
async function startTwo(): Promise<{ first: RunningKafka; second: RunningKafka }> {
  const [port, controllerPort, secondPort] = [await freePort(), await freePort(), await freePort()];
  const voters = { "controller.quorum.voters": `1@127.0.0.1:${controllerPort}` };
  const listeners = `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`;
  const first = await startKafka({ port, properties: { ...voters, listeners } });
  const properties = {
    ...voters,
    "process.roles": "broker",
    "node.id": "2",
    listeners: `PLAINTEXT://127.0.0.1:${secondPort}`,
  };
  return { first, second: await startKafka({ port: secondPort, properties }) };
}

describe.skipIf(!available)("a partly failed Kafka request duplicates no successful part", { timeout: 60_000 }, () => {
  let broker: RunningKafka;
  let bus: Bus;
  const admin = () => new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING }).admin();

  async function createTopic(config: Record<string, string> = {}, partitions = 1): Promise<string> {
    const topic = unique("made");
    const client = admin();
    await client.connect();
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    await createTopics(client, {
      topics: [{ topic, numPartitions: partitions, configEntries }],
    });
    await client.disconnect();
    return topic;
  }

  async function messageCount(topic: string): Promise<number> {
    const client = admin();
    await client.connect();
    const offsets = await client.fetchTopicOffsets(topic);
    await client.disconnect();
    return offsets.reduce((sum, { offset }) => sum + Number(offset), 0);
  }

  beforeAll(async () => {
    broker = await startKafka({
      properties: {
        "auto.create.topics.enable": "false",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "true",
      },
    });
    bus = createKafkaBus({ brokers: [broker.brokers], clientId: "partial" });
    await bus.start();
  }, 180_000);
  afterAll(async () => {
    await bus?.stop();
    await broker?.stop();
  });

  it("a message exceeds one topic's limit: the other topic has its event once", async () => {
    const [small, other] = [await createTopic({ "max.message.bytes": "2000" }), await createTopic()];
    const batch = [message({ topic: small, value: "x".repeat(3000) }), message({ topic: other, value: "once" })];
    for (const known of [false, true]) {
      expect(await bus.publish(batch), `known: ${known}`).toMatchObject([
        { ok: false, errorClass: "bad_payload", retriable: false },
        { ok: true, partition: 0, offset: known ? "1" : "0" },
      ]);
    }
    expect([await messageCount(small), await messageCount(other)]).toEqual([0, 2]);
  });

  it("one record of a partition is too large: the other records are published once, in order", async () => {
    const topic = await createTopic({ "max.message.bytes": "2000" });
    const batch = Array.from({ length: 9 }, (_, n) =>
      message({ topic, key: "k", value: n === 4 ? "x".repeat(3000) : `${n}` }),
    );
    const results = await bus.publish(batch);
    expect(results.map((result) => result.ok)).toEqual(batch.map((_, n) => n !== 4));
    const reader = await collect(bus, { topic });
    await reader.until(8);
    expect(reader.values()).toEqual(["0", "1", "2", "3", "5", "6", "7", "8"]);
    expect(await messageCount(topic)).toBe(8);
  });

  it("one record of a compacted topic has no key: the other records are published once", async () => {
    const topic = await createTopic({ "cleanup.policy": "compact" });
    const batch = ["a", null, "b"].map((key, n) => message({ topic, key, value: String(n) }));
    expect((await bus.publish(batch)).map((result) => result.ok)).toEqual([true, false, true]);
    expect(await messageCount(topic)).toBe(2);
  });

  it("one topic never exists: the other topic has each event once", async () => {
    const [other, unknown] = [await createTopic(), unique("unknown")];
    for (let call = 1; call <= 3; call++) {
      const results = await bus.publish([message({ topic: unknown }), message({ topic: other })]);
      expect(results).toMatchObject([{ ok: false, errorClass: "publish", retriable: true }, { ok: true }]);
      expect(await messageCount(other)).toBe(call);
    }
  });

  it("writing to one topic is forbidden: the other topic has its event once", async () => {
    const [forbidden, other] = [await createTopic(), await createTopic()];
    const client = admin();
    await client.connect();
    // Denies (permission 2) writing (operation 4) to the topic (resource 2) of this literal name (pattern 3).
    const acl = { principal: "User:ANONYMOUS", host: "*", operation: 4, permissionType: 2 };
    await client.createAcls({ acl: [{ ...acl, resourceType: 2, resourceName: forbidden, resourcePatternType: 3 }] });
    await client.disconnect();
    for (let call = 1; call <= 2; call++) {
      const results = await bus.publish([message({ topic: forbidden }), message({ topic: other })]);
      expect(results).toMatchObject([
        { ok: false, errorClass: "publish", message: expect.stringMatching(/^TOPIC_AUTHORIZATION_FAILED/) },
        { ok: true },
      ]);
      expect(await messageCount(other)).toBe(call);
    }
  });

  it("the leader of one partition is down: events of the other partition are published once", {
    timeout: 180_000,
  }, async () => {
    const { first, second } = await startTwo();
    const twoBus = createKafkaBus({ brokers: [first.brokers], clientId: "partial", requestTimeoutMs: 5000 });
    const client = new Kafka({ brokers: [first.brokers], logLevel: logLevel.NOTHING }).admin();
    try {
      await client.connect();
      const topic = unique("two");
      const replicaAssignment = [1, 2].map((node) => ({ partition: node - 1, replicas: [node] }));
      await createTopics(client, { topics: [{ topic, replicaAssignment }] });
      const batch = Array.from({ length: 20 }, (_, n) => message({ topic, key: `k${n}`, value: String(n) }));
      const before = await twoBus.publish(batch);
      expect(before.filter((result) => !result.ok)).toEqual([]);
      await second.kill9();
      const during = await twoBus.publish(batch);
      const isOnFirst = before.map((result) => result.ok && result.partition === 0);
      expect(during.map((result) => result.ok)).toEqual(isOnFirst);
      expect(during.find((result) => !result.ok)).toMatchObject({ retriable: true });
      const count = isOnFirst.filter(Boolean).length;
      const offsets = during.flatMap((result) => (result.ok ? [Number(result.offset)] : []));
      expect(offsets).toEqual(Array.from({ length: count }, (_, n) => count + n));
    } finally {
      await twoBus.stop();
      await client.disconnect();
      await second.stop();
      await first.stop();
    }
  });
});
