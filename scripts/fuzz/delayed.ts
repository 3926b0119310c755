import { Kafka, logLevel } from "kafkajs";
import { COMPRESSIONS, compressionType } from "~/server/adapters/kafka/codecs";
import { readKafkaError } from "~/server/adapters/kafka/errors";
import { createRedis } from "~/server/adapters/redis/connection/client";
import { byHalves } from "~/server/domain/by-halves";
import { DataFault } from "~/server/domain/data-fault";
import type { Message } from "./messages";

const TOPIC = "stufio.events.delayed";
const DEAD_LETTER_TOPIC = `${TOPIC}.dlq`;
const STREAM = "stufio:bus:";
const PARTITIONS = 3;

/** A producer of the delayed topic that does not use the product's bus adapters to publish. */
export interface DelayedSide {
  /** Returns the number of accepted messages. On Kafka, `draw` selects the partition and the compression. */
  send(batch: readonly Message[], draw: number): Promise<number>;
  countDeadLetters(): Promise<number>;
  close(): Promise<void>;
}

export function streamSide(redisUrl: string): DelayedSide {
  const redis = createRedis({ url: redisUrl });
  return {
    async send(batch) {
      const pipeline = redis.pipeline();
      for (const message of batch) pipeline.xadd(`${STREAM}${TOPIC}`, "*", ...fieldsOf(message));
      const answers = (await pipeline.exec()) ?? [];
      return answers.filter(([error]) => error === null).length;
    },
    countDeadLetters: () => redis.xlen(`${STREAM}${DEAD_LETTER_TOPIC}`),
    async close() {
      redis.disconnect();
    },
  };
}

function fieldsOf({ key, value, headers, entry }: Message): (string | Buffer)[] {
  if (entry === "no_value") return ["key", key ?? ""];
  if (entry === "foreign_field") return ["other", value];
  const text = Object.fromEntries(headers.map(([name, bytes]) => [name, bytes.toString("utf8")]));
  const json = { invalid_json: "{no json", list: '[["original_topic","fuzz.a"]]', valid: JSON.stringify(text) }[entry];
  return ["key", key ?? "", "value", value, "headers", json];
}

export async function kafkaSide(brokers: string): Promise<DelayedSide> {
  const kafka = new Kafka({ clientId: "fuzz", brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [TOPIC, DEAD_LETTER_TOPIC].map((topic) => ({ topic, numPartitions: PARTITIONS })),
  });
  const producer = kafka.producer();
  await producer.connect();
  return {
    async send(batch, draw) {
      const compression = compressionType(COMPRESSIONS[draw % COMPRESSIONS.length] as (typeof COMPRESSIONS)[number]);
      // The broker refuses a partition's whole batch if it refuses one record. Each send goes to one partition, so that
      // no accepted message is sent again.
      const refused = await byHalves(batch, async (part) => {
        try {
          await producer.send({
            topic: TOPIC,
            acks: -1,
            compression,
            messages: part.map((one) => ({ ...recordOf(one), partition: draw % PARTITIONS })),
          });
        } catch (error) {
          if (readKafkaError(error).errorClass !== "bad_payload") throw error;
          throw new DataFault("the broker refuses a record", { cause: error });
        }
      });
      return batch.length - refused.length;
    },
    async countDeadLetters() {
      const offsets = await admin.fetchTopicOffsets(DEAD_LETTER_TOPIC);
      return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
    },
    async close() {
      await producer.disconnect();
      await admin.disconnect();
    },
  };
}

function recordOf({ key, value, headers, timestampMs }: Message) {
  // Without a prototype, because a header may be named `__proto__`.
  const named: Record<string, Buffer | Buffer[]> = Object.create(null);
  for (const [name, bytes] of headers) named[name] = name in named ? [named[name] as Buffer, bytes].flat() : bytes;
  return { key, value, headers: named, timestamp: String(timestampMs) };
}
