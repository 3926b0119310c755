import kafkajs, { type Message } from "kafkajs";
import { RequestTimeoutError, withTimeout } from "~/server/timing/request-timeout";
import { type KafkaConnection, kafkaClient } from "./client";
import { kafkaError, openKafkaCluster, type PartitionMessages, type TopicMetadata } from "./cluster";
import { compressionType } from "./codecs";
import { readKafkaError } from "./errors";

export interface TopicMessages {
  topic: string;
  messages: Message[];
}

/** Acknowledged messages of one partition; their offsets begin at `baseOffset`. */
export interface Acknowledged extends TopicMessages {
  ok: true;
  partition: number;
  baseOffset: string;
}

/** Messages of one topic that failed with the same error; of one partition, if it was known. */
export interface Failed extends TopicMessages {
  ok: false;
  error: unknown;
}

export type Delivery = Acknowledged | Failed;

/** A connection to the brokers, from its first message until it is unfit. */
export interface ProducerSession {
  connect(): Promise<void>;
  /**
   * Connects if necessary, then sends one produce request per broker. Reports every message, and never throws. A
   * request without a reply in time fails; if it was not sent by then, it will not be.
   */
  send(topics: readonly TopicMessages[], timeoutMs: number): Promise<Delivery[]>;
  /** No broker could be reached: open a new session. */
  readonly unfit: boolean;
  /** Lets requests on the wire end, and starts no others. */
  retire(): Promise<void>;
}

/** How long a topic's metadata is cached; an error of the topic ends it sooner. */
const METADATA_MS = 300_000;
const SUCCESS = 0;

/*
 * Not idempotent, on purpose: kafkajs reuses the sequence number of a failed batch. If that batch arrived and only its
 * reply was lost, the broker drops the next batch of equal length as a repeat: acknowledged, but lost. Duplicates are
 * the lesser evil; consumers recognize them by event_id.
 *
 * Order per key needs one connection per broker (kafkajs has one for produce) and no retries below this layer, where a
 * later batch could overtake an earlier one.
 */
export function createProducerSession(connection: KafkaConnection): ProducerSession {
  const cluster = openKafkaCluster(kafkaClient(connection));
  const choosePartition = kafkajs.Partitioners.DefaultPartitioner();
  const known = new Map<string, { metadata: TopicMetadata; untilMs: number }>();
  const compression = compressionType(connection.compression);
  let connected: Promise<void> | null = null;
  let retired = false;
  let unfit = false;

  async function connectOnce(): Promise<void> {
    connected ??= cluster.connect();
    try {
      await connected;
    } catch (error) {
      connected = null;
      unfit = true;
      throw error;
    }
  }

  /** Fetches and caches the metadata of unknown topics. Returns the errors by topic. */
  async function learn(topics: readonly string[]): Promise<Map<string, unknown>> {
    const faults = new Map<string, unknown>();
    const unknown = topics.filter((topic) => (known.get(topic)?.untilMs ?? 0) < performance.now());
    if (unknown.length === 0) return faults;
    const described = await cluster.describe(unknown).catch((error) => {
      unfit = true;
      throw error;
    });
    for (const metadata of described) {
      const { topic, topicErrorCode, partitionMetadata } = metadata;
      if (topicErrorCode !== SUCCESS) faults.set(topic, kafkaError(topicErrorCode));
      else if (partitionMetadata.length > 0) known.set(topic, { metadata, untilMs: performance.now() + METADATA_MS });
    }
    for (const topic of unknown) {
      if (!known.has(topic) && !faults.has(topic))
        faults.set(topic, new kafkajs.KafkaJSError(`The topic ${topic} does not exist yet`));
    }
    return faults;
  }

  /** The messages by partition; `error` if a partition has no leader. */
  function partition({ topic, messages }: TopicMessages): (PartitionMessages & { leader: number; error: unknown })[] {
    const { partitionMetadata } = (known.get(topic) as { metadata: TopicMetadata }).metadata;
    const byPartition = new Map<number, Message[]>();
    for (const message of messages) {
      const id = choosePartition({ topic, partitionMetadata: partitionMetadata as never, message });
      const list = byPartition.get(id);
      if (list) list.push(message);
      else byPartition.set(id, [message]);
    }
    return [...byPartition].map(([id, list]) => {
      const { leader = -1, partitionErrorCode = 0 } = partitionMetadata.find((one) => one.partitionId === id) ?? {};
      const error = leader < 0 ? kafkaError(partitionErrorCode || LEADER_NOT_AVAILABLE) : null;
      return { topic, partition: id, messages: list, leader, error };
    });
  }

  async function send(topics: readonly TopicMessages[], timeoutMs: number): Promise<Delivery[]> {
    const endsAt = performance.now() + timeoutMs;
    let isAbandoned = false;
    const bounded = <T>(work: Promise<T>) =>
      withTimeout(work, { what: "Kafka", timeoutMs: Math.max(1, endsAt - performance.now()) });
    const mayStart = () => {
      // An abandoned call must not publish when the broker comes back.
      if (isAbandoned || retired) throw new kafkajs.KafkaJSError("The publish call was abandoned", { retriable: true });
    };
    const failed = (all: readonly TopicMessages[], error: unknown): Delivery[] =>
      all.map(({ topic, messages }) => ({ topic, messages, ok: false, error }));

    async function toBroker(leader: number, parts: readonly PartitionMessages[]): Promise<Delivery[]> {
      const request = {
        leader,
        parts,
        compression,
        timeoutMs: Math.floor(connection.requestTimeoutMs * 0.6),
        mayStart,
      };
      try {
        const answers = await bounded(cluster.produce(request));
        return parts.map((part) => {
          const answer = answers.find((one) => one.topicName === part.topic && one.partition === part.partition);
          if (answer?.errorCode === SUCCESS) {
            return { ...part, ok: true, baseOffset: answer.baseOffset };
          }
          return {
            ...part,
            ok: false,
            error: answer ? kafkaError(answer.errorCode) : new Error("Kafka returned no result for the partition"),
          };
        });
      } catch (error) {
        isAbandoned ||= error instanceof RequestTimeoutError;
        return parts.map((part) => ({ ...part, ok: false, error }));
      }
    }

    try {
      await bounded(connectOnce());
      const faults = await bounded(learn(topics.map(({ topic }) => topic)));
      const good = topics.filter(({ topic }) => !faults.has(topic));
      const parts = good.flatMap(partition);
      const led = parts.filter(({ error }) => error === null);
      const leaders = [...new Set(led.map(({ leader }) => leader))];
      const answered = await Promise.all(
        leaders.map((leader) =>
          toBroker(
            leader,
            led.filter((part) => part.leader === leader),
          ),
        ),
      );
      const deliveries: Delivery[] = [
        ...answered.flat(),
        ...parts.filter(({ error }) => error !== null).map((part): Failed => ({ ...part, ok: false })),
        ...topics.flatMap((one) => (faults.has(one.topic) ? failed([one], faults.get(one.topic)) : [])),
      ];
      for (const one of deliveries) if (!one.ok && readKafkaError(one.error).needsMetadata) known.delete(one.topic);
      return deliveries;
    } catch (error) {
      return failed(topics, error);
    }
  }

  return {
    connect: connectOnce,
    send,
    get unfit() {
      return unfit || retired;
    },
    async retire() {
      retired = true;
      await cluster.disconnect().catch(() => undefined);
    },
  };
}

const LEADER_NOT_AVAILABLE = 5;
