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

/** Acknowledged messages of one partition. The first message has the offset `baseOffset`. */
export interface Acknowledged extends TopicMessages {
  ok: true;
  partition: number;
  baseOffset: string;
}

/** Messages of one topic, or of one of its partitions, that failed with the same error. */
export interface Failed extends TopicMessages {
  ok: false;
  error: unknown;
}

export type Delivery = Acknowledged | Failed;

/** A connection to the brokers, which is replaced once it is broken. */
export interface ProducerSession {
  connect(): Promise<void>;
  /**
   * Connects if necessary, then sends one produce request per broker. Returns a result for every message and never
   * throws. A request without a reply within the timeout fails and is not written later.
   */
  send(topics: readonly TopicMessages[], timeoutMs: number): Promise<Delivery[]>;
  /** True if no broker could be reached or the session was closed. The caller must open a new session. */
  readonly broken: boolean;
  /** Starts no further requests, and disconnects after those in flight. */
  close(): Promise<void>;
}

/** How long a topic's metadata is cached. An error of the topic removes it earlier. */
const METADATA_CACHE_MS = 300_000;
const SUCCESS = 0;
const LEADER_NOT_AVAILABLE = 5;

/*
 * The producer is deliberately not idempotent, because kafkajs reuses the sequence number of a failed batch. If the
 * broker stored the failed batch and only the reply was lost, the broker drops the next batch of equal length as a
 * duplicate. Duplicates are better than lost events: consumers recognize duplicates by event_id.
 *
 * To keep the order per key, all produce requests to a broker share one connection, and lower layers do not retry: a
 * later batch could overtake a retried batch.
 */
export function createProducerSession(connection: KafkaConnection): ProducerSession {
  const cluster = openKafkaCluster(kafkaClient(connection));
  const choosePartition = kafkajs.Partitioners.DefaultPartitioner();
  const metadataCache = new Map<string, { metadata: TopicMetadata; untilMs: number }>();
  const compression = compressionType(connection.compression);
  let connected: Promise<void> | null = null;
  let closed = false;
  let broken = false;

  async function connectOnce(): Promise<void> {
    connected ??= cluster.connect();
    try {
      await connected;
    } catch (error) {
      connected = null;
      broken = true;
      throw error;
    }
  }

  /** Fetches the metadata of topics that are not in the cache. Returns errors by topic. */
  async function loadMetadata(topics: readonly string[]): Promise<Map<string, unknown>> {
    const topicErrors = new Map<string, unknown>();
    const unknown = topics.filter((topic) => (metadataCache.get(topic)?.untilMs ?? 0) < performance.now());
    if (unknown.length === 0) return topicErrors;
    const described = await cluster.describe(unknown).catch((error) => {
      broken = true;
      throw error;
    });
    for (const metadata of described) {
      const { topic, topicErrorCode, partitionMetadata } = metadata;
      if (topicErrorCode !== SUCCESS) topicErrors.set(topic, kafkaError(topicErrorCode));
      else if (partitionMetadata.length > 0)
        metadataCache.set(topic, { metadata, untilMs: performance.now() + METADATA_CACHE_MS });
    }
    for (const topic of unknown) {
      if (!metadataCache.has(topic) && !topicErrors.has(topic))
        topicErrors.set(topic, new kafkajs.KafkaJSError(`The topic ${topic} does not exist yet`));
    }
    return topicErrors;
  }

  /** Groups messages by partition. `error` is not null if the partition has no leader. */
  function partition({ topic, messages }: TopicMessages): (PartitionMessages & { leader: number; error: unknown })[] {
    const { partitionMetadata } = (metadataCache.get(topic) as { metadata: TopicMetadata }).metadata;
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
    const beforeWrite = () => {
      // A call that has timed out must not publish once the broker has recovered.
      if (isAbandoned || closed) throw new kafkajs.KafkaJSError("The publish call was abandoned", { retriable: true });
    };
    const failed = (all: readonly TopicMessages[], error: unknown): Delivery[] =>
      all.map(({ topic, messages }) => ({ topic, messages, ok: false, error }));

    async function sendToBroker(leader: number, parts: readonly PartitionMessages[]): Promise<Delivery[]> {
      const request = {
        leader,
        parts,
        compression,
        // How long the broker may wait for its replicas. Shorter than the call, so that the broker's error arrives in
        // time.
        timeoutMs: Math.floor(connection.requestTimeoutMs * 0.6),
        beforeWrite,
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
      const topicErrors = await bounded(loadMetadata(topics.map(({ topic }) => topic)));
      const sendable = topics.filter(({ topic }) => !topicErrors.has(topic));
      const parts = sendable.flatMap(partition);
      const withLeader = parts.filter(({ error }) => error === null);
      const leaders = [...new Set(withLeader.map(({ leader }) => leader))];
      const answered = await Promise.all(
        leaders.map((leader) =>
          sendToBroker(
            leader,
            withLeader.filter((part) => part.leader === leader),
          ),
        ),
      );
      const deliveries: Delivery[] = [
        ...answered.flat(),
        ...parts.filter(({ error }) => error !== null).map((part): Failed => ({ ...part, ok: false })),
        ...topics.flatMap((one) => (topicErrors.has(one.topic) ? failed([one], topicErrors.get(one.topic)) : [])),
      ];
      for (const one of deliveries)
        if (!one.ok && readKafkaError(one.error).needsMetadata) metadataCache.delete(one.topic);
      return deliveries;
    } catch (error) {
      return failed(topics, error);
    }
  }

  return {
    connect: connectOnce,
    send,
    get broken() {
      return broken || closed;
    },
    async close() {
      closed = true;
      await cluster.disconnect().catch(() => undefined);
    },
  };
}
