import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bus } from "~/server/ports/bus";
import { collect, message } from "~/server/testing/bus-conformance";
import { createTopics } from "~/server/testing/kafka-topics";
import { kafkaAvailability, type RunningKafka, startKafka } from "~/server/testing/services/kafka";
import { consoleProduce } from "~/server/testing/services/kafka-console";
import type { Compression } from "./codecs";
import { createKafkaBus } from "./kafka-bus";

/** The size of a record batch's header, and the position of its attributes, which name the codec. */
const BATCH_HEADER_BYTES = 61;
const ATTRIBUTES_OFFSET = 21;
const CODECS = ["gzip", "snappy", "lz4", "zstd"] as const;
const unique = (name: string) => `${name}.${randomUUID().slice(0, 8)}`;
const { available, reason } = kafkaAvailability();
if (!available) console.warn(`The tests of Kafka's compression are skipped: ${reason}`);

/** Reads a topic in a separate process that has registered no codecs. */
const PLAIN_CONSUMER = `
  const { Kafka, logLevel } = require("kafkajs");
  const [brokers, topic, count] = process.argv.slice(1);
  const consumer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).consumer({ groupId: "plain-" + topic });
  const values = [];
  (async () => {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    consumer.on(consumer.events.CRASH, ({ payload }) => { console.error(payload.error.message); process.exit(1); });
    await consumer.run({ eachMessage: async ({ message }) => {
      values.push(message.value.toString());
      if (values.length === Number(count)) { console.log(JSON.stringify(values)); process.exit(0); }
    }});
  })();
`;

describe.skipIf(!available)("compression on Kafka", { timeout: 90_000 }, () => {
  let broker: RunningKafka;
  let dir: string;
  const buses: Bus[] = [];
  const open = (compression?: Compression) => {
    const bus = createKafkaBus({
      brokers: [broker.brokers],
      clientId: "compression",
      ...(compression && { compression }),
    });
    buses.push(bus);
    return bus;
  };

  async function createTopic(config: Record<string, string> = {}, partitions = 1): Promise<string> {
    const topic = unique("made");
    const admin = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    await createTopics(admin, { topics: [{ topic, numPartitions: partitions, configEntries }] });
    await admin.disconnect();
    return topic;
  }

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "kafka-compression-"));
    broker = await startKafka({ dir });
  }, 180_000);
  afterAll(async () => {
    await Promise.all(buses.map((bus) => bus.stop()));
    await broker?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it.each(CODECS)("reads messages that Java's producer compressed with %s", async (compression) => {
    const topic = await createTopic();
    const values = Array.from({ length: 200 }, (_, n) => `${n} ${"é 漢字 ".repeat(40)}${randomUUID()}`);
    await consoleProduce({ brokers: broker.brokers, topic, compression, records: values.map((value) => ({ value })) });
    const reader = await collect(open(), { topic });
    await reader.until(values.length);
    expect(reader.values()).toEqual(values);
  });

  it.each(CODECS)("writes %s that the broker can decompress for an uncompressed topic", async (compression) => {
    const topic = await createTopic({ "compression.type": "uncompressed" });
    const batch = [..."abc"].map((letter) => message({ topic, key: "k", value: `${letter}é`.repeat(100_000) }));
    expect((await open(compression).publish(batch)).filter((result) => !result.ok)).toEqual([]);
    const reader = await collect(open(), { topic });
    await reader.until(3);
    expect(reader.values()).toEqual(batch.map((one) => one.value));
  });

  it("publishes uncompressed by default, so that a kafkajs consumer without other codecs reads the messages", async () => {
    const topic = await createTopic();
    const batch = [..."abc"].map((value) => message({ topic, key: "k", value }));
    expect((await open().publish(batch)).filter((result) => !result.ok)).toEqual([]);
    const args = ["-e", PLAIN_CONSUMER, broker.brokers, topic, "3"];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual(["a", "b", "c"]);
  });

  it("reports a batch that cannot be decoded, and continues after it and in other partitions", async () => {
    const topic = await createTopic({}, 2);
    const bus = open("zstd");
    const send = async (key: string, value: string) => {
      const [result] = await bus.publish([message({ topic, key, value: value.repeat(200) })]);
      if (!result?.ok) throw new Error("not published");
      return result.partition;
    };
    const keys = Array.from({ length: 20 }, (_, n) => `k${n}`);
    const partitions = await Promise.all(keys.map((key) => send(key, "first")));
    const here = keys[0] as string;
    const elsewhere = keys.find((_, n) => partitions[n] !== partitions[0]) as string;
    await send(here, "scrambled");
    await send(here, "unknown codec");
    await send(here, "last here");
    await send(elsewhere, "last there");
    await corruptOnDisk(topic, Number(partitions[0]));

    const interruptions: Error[] = [];
    const reader = await collect(bus, { topic, onInterrupted: (error) => interruptions.push(error) });
    await reader.until(keys.length + 4);
    const bad = reader.seen.filter((one) => one.undecodable !== undefined);
    expect(bad.map((one) => one.undecodable)).toEqual([
      expect.stringMatching(/^the record batch of offsets \d+ to \d+ cannot be read: /),
      expect.stringContaining("unknown compression codec 6"),
    ]);
    expect(bad.every((one) => one.partition === String(partitions[0]) && one.value.length > BATCH_HEADER_BYTES)).toBe(
      true,
    );
    const values = reader.seen.filter((one) => one.undecodable === undefined).map((one) => one.value.toString());
    expect(values).toContain("last here".repeat(200));
    expect(values).toContain("last there".repeat(200));
    expect(values).toHaveLength(keys.length + 2);
    // Errors about the coordinator are expected, because the broker has just restarted.
    expect(interruptions.filter((error) => !/coordinator/.test(error.message))).toEqual([]);
  });

  /** Corrupts the third last and the second last batch of a partition in its file. The broker still delivers both. */
  async function corruptOnDisk(topic: string, partition: number): Promise<void> {
    await broker.stop();
    const folder = join(dir, "data", `${topic}-${partition}`);
    const name = (await readdir(folder)).find((file) => file.endsWith(".log")) as string;
    const bytes = await readFile(join(folder, name));
    const starts: number[] = [];
    for (let at = 0; at < bytes.length; at += 12 + bytes.readInt32BE(at + 8)) starts.push(at);
    const [scrambled, unknown] = starts.slice(-3) as [number, number];
    bytes.fill(0x5a, scrambled + BATCH_HEADER_BYTES, scrambled + BATCH_HEADER_BYTES + 8);
    // Codec 6 does not exist.
    bytes.writeInt16BE(6, unknown + ATTRIBUTES_OFFSET);
    await writeFile(join(folder, name), bytes);
    await broker.restart();
  }
});
