import kafkajs, { type Message, type Producer } from "kafkajs";
import { type KafkaConnection, kafkaClient } from "./kafka-client";

export interface TopicMessages {
  topic: string;
  messages: Message[];
}

/** One life of a kafkajs producer, from its first message until it is found unfit. */
export interface ProducerSession {
  connect(): Promise<void>;
  /** Connects if it has to, then one produce request per broker. Resolves when all of them are acknowledged. */
  send(parts: readonly TopicMessages[]): Promise<void>;
  /** Whether this life has published to the topic, so that its metadata are here. */
  knows(topic: string): boolean;
  /** Where an acknowledged message lies. */
  placeOf(message: Message): { partition: number; offset: string } | null;
  readonly retired: boolean;
  /** Lets what is on the wire end, and lets nothing begin. */
  retire(): Promise<void>;
}

/*
 * Not idempotent, on purpose: kafkajs gives the sequence number of a batch that failed to the next one. When the first
 * did arrive and only its answer was lost, the broker takes the next batch of equal length for a repeat and drops
 * it: acknowledged and lost. A repeat is the lesser evil, and consumers know it by its event_id.
 *
 * Order per key needs no more than one connection a broker (kafkajs has one for produce) and no retries inside kafkajs,
 * where a later batch could pass an earlier one.
 */
export function createProducerSession(connection: KafkaConnection): ProducerSession {
  let retired = false;
  let connected: Promise<void> | null = null;
  const known = new Set<string>();
  const partitionOf = new WeakMap<Message, number>();
  const offsetOf = new WeakMap<Message, string>();
  const choosePartition = kafkajs.Partitioners.DefaultPartitioner();

  const producer: Producer = kafkaClient(connection).producer({
    allowAutoTopicCreation: true,
    idempotent: false,
    retry: { retries: 0 },
    createPartitioner: () => (input) => {
      // The last step before the wire: a call that was given up on must not publish when the broker comes back.
      if (retired) throw new kafkajs.KafkaJSError("This producer was given up", { retriable: true });
      const partition = choosePartition(input);
      partitionOf.set(input.message, partition);
      return partition;
    },
  });

  async function connectOnce(): Promise<void> {
    connected ??= producer.connect();
    try {
      await connected;
    } catch (error) {
      connected = null;
      throw error;
    }
  }

  return {
    connect: connectOnce,
    async send(parts) {
      await connectOnce();
      const metadata = await producer.sendBatch({
        acks: -1,
        timeout: Math.floor(connection.requestTimeoutMs * 0.6),
        compression: kafkajs.CompressionTypes.LZ4,
        topicMessages: parts.map(({ topic, messages }) => ({ topic, messages })),
      });
      const next = new Map<string, bigint>();
      for (const { topicName, partition, baseOffset } of metadata) {
        if (baseOffset !== undefined) next.set(`${topicName}/${partition}`, BigInt(baseOffset));
      }
      for (const { topic, messages } of parts) {
        known.add(topic);
        for (const message of messages) {
          const place = `${topic}/${partitionOf.get(message)}`;
          const offset = next.get(place);
          if (offset === undefined) continue;
          offsetOf.set(message, offset.toString());
          next.set(place, offset + 1n);
        }
      }
    },
    knows: (topic) => known.has(topic),
    placeOf(message) {
      const partition = partitionOf.get(message);
      const offset = offsetOf.get(message);
      return partition === undefined || offset === undefined ? null : { partition, offset };
    },
    get retired() {
      return retired;
    },
    async retire() {
      retired = true;
      await producer.disconnect().catch(() => undefined);
    },
  };
}
