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

/** Messages of one partition that were acknowledged, from `baseOffset` on. */
export interface Acknowledged extends TopicMessages {
  ok: true;
  partition: number;
  baseOffset: string;
}

/** Messages of one topic, and of one partition if it came as far as that, that all met the same error. */
export interface Failed extends TopicMessages {
  ok: false;
  error: unknown;
}

export type Delivery = Acknowledged | Failed;

/** One life of a connection to the brokers, from its first message until it is found unfit. */
export interface ProducerSession {
  connect(): Promise<void>;
  /**
   * Connects if it has to, then one produce request per broker. Tells of every message, and never throws. What has no
   * answer within the time is an error, and is not sent any more if it had not been.
   */
  send(topics: readonly TopicMessages[], timeoutMs: number): Promise<Delivery[]>;
  /** No broker could be reached at all: another life may do better. */
  readonly unfit: boolean;
  /** Lets what is on the wire end, and lets nothing begin. */
  retire(): Promise<void>;
}

/** How long it is believed where a topic's partitions lie; an error of the topic ends it sooner. */
const METADATA_MS = 300_000;
const SUCCESS = 0;

/*
 * Not idempotent, on purpose: kafkajs gives the sequence number of a batch that failed to the next one. When the first
 * did arrive and only its answer was lost, the broker takes the next batch of equal length for a repeat and drops
 * it: acknowledged and lost. A repeat is the lesser evil, and consumers know it by its event_id.
 *
 * Order per key needs no more than one connection a broker (kafkajs has one for produce) and no retries below this,
 * where a later batch could pass an earlier one.
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

  /** Asks for the topics that are not known, and keeps what was found of those that are fit to be published to. */
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
        faults.set(topic, new kafkajs.KafkaJSError(`${topic} is not there yet`));
    }
    return faults;
  }

  /** The messages by partition; `error` where a partition has no leader. */
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
    let givenUp = false;
    const bounded = <T>(work: Promise<T>) =>
      withTimeout(work, { what: "Kafka", timeoutMs: Math.max(1, endsAt - performance.now()) });
    const mayStart = () => {
      // A call that was given up on must not publish when the broker comes back.
      if (givenUp || retired) throw new kafkajs.KafkaJSError("This publish call was given up", { retriable: true });
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
            error: answer ? kafkaError(answer.errorCode) : new Error("Kafka gave no answer"),
          };
        });
      } catch (error) {
        givenUp ||= error instanceof RequestTimeoutError;
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
      for (const one of deliveries) if (!one.ok && readKafkaError(one.error).asksAnew) known.delete(one.topic);
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
