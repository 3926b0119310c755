import type { Kafka, Message } from "kafkajs";
import { kafkajsPart } from "./internals";

/*
 * The producer of kafkajs reports one result per request. If one partition fails, a retry duplicates the messages of
 * the other partitions. Publishing therefore uses the layer below, the cluster, and reads the result of each partition.
 */

export interface PartitionMetadata {
  partitionErrorCode: number;
  partitionId: number;
  leader: number;
}

export interface TopicMetadata {
  topicErrorCode: number;
  topic: string;
  partitionMetadata: PartitionMetadata[];
}

/** Messages of one partition in a request to the partition's leader. */
export interface PartitionMessages {
  topic: string;
  partition: number;
  messages: Message[];
}

/** A broker's result for one partition of a request; `errorCode` 0 is success. */
export interface PartitionAnswer {
  topicName: string;
  partition: number;
  errorCode: number;
  baseOffset: string;
}

interface ProtocolCall<Answer> {
  request: { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<unknown> };
  response: { decode(bytes: Buffer): Promise<Answer>; parse(answer: Answer): Promise<Answer> };
}
interface MetadataAnswer {
  topicMetadata: TopicMetadata[];
}
interface Broker {
  lookupRequest<Input, Answer>(apiKey: number, definition: unknown): (input: Input) => ProtocolCall<Answer>;
  connectionPool: { send<Answer>(call: ProtocolCall<Answer>): Promise<Answer> };
  disconnect(): Promise<void>;
  metadata(topics: string[]): Promise<MetadataAnswer>;
}
interface Cluster {
  brokerPool: {
    createBroker(options: object): Broker;
    findBroker(input: { nodeId: number }): Promise<Broker>;
    refreshMetadata(topics: string[]): Promise<void>;
  };
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

const BROKEN_CONNECTION = new Set(["KafkaJSConnectionClosedError", "KafkaJSRequestTimeoutError"]);
const CREATE_CLUSTER = "private:Kafka:createCluster";
const apiKeys = kafkajsPart<{ Produce: number; Metadata: number }>("protocol/requests/apiKeys.js");
const { requests } = kafkajsPart<{ requests: { Produce: unknown; Metadata: unknown } }>("protocol/requests/index.js");
const { createErrorFromCode } = kafkajsPart<{ createErrorFromCode(code: number): Error }>("protocol/error.js");

/** The kafkajs error for a broker's error code. */
export const kafkaError = createErrorFromCode;

export interface KafkaCluster {
  connect(): Promise<void>;
  /** Metadata of topics, with an error code for each topic. Creates missing topics if the broker allows it. */
  describe(topics: readonly string[]): Promise<TopicMetadata[]>;
  /** Sends one request to one broker. Calls `beforeWrite` just before the write; if it throws, the request fails. */
  produce(input: {
    leader: number;
    parts: readonly PartitionMessages[];
    compression: number;
    timeoutMs: number;
    beforeWrite: () => void;
  }): Promise<PartitionAnswer[]>;
  disconnect(): Promise<void>;
}

export function openKafkaCluster(kafka: Kafka): KafkaCluster {
  const cluster = createCluster(kafka);
  const { brokerPool } = cluster;
  const latestMetadata = new Map<string, TopicMetadata>();
  const createBroker = brokerPool.createBroker.bind(brokerPool);
  brokerPool.createBroker = (options) => {
    const broker = createBroker(options);
    // The original `metadata` fails for all topics if one topic fails.
    broker.metadata = async (topics) => {
      const ask = broker.lookupRequest<object, MetadataAnswer>(apiKeys.Metadata, requests.Metadata);
      const answer = await send(broker, ask({ topics, allowAutoTopicCreation: true }));
      for (const topic of answer.topicMetadata) latestMetadata.set(topic.topic, topic);
      return answer;
    };
    return broker;
  };

  return {
    connect: () => cluster.connect(),
    async describe(topics) {
      await brokerPool.refreshMetadata([...topics]);
      return topics.flatMap((topic) => latestMetadata.get(topic) ?? []);
    },
    async produce({ leader, parts, compression, timeoutMs, beforeWrite }) {
      const broker = await brokerPool.findBroker({ nodeId: leader });
      const ask = broker.lookupRequest<object, { topics: { topicName: string; partitions: PartitionAnswer[] }[] }>(
        apiKeys.Produce,
        requests.Produce,
      );
      const call = ask({ acks: -1, timeout: timeoutMs, compression, topicData: topicData(parts) });
      const { request } = call;
      const encode = async () => {
        const encoded = await request.encode();
        beforeWrite();
        return encoded;
      };
      const { topics } = await send(broker, { ...call, request: { ...request, encode } });
      return topics.flatMap(({ topicName, partitions }) => partitions.map((one) => ({ ...one, topicName })));
    },
    disconnect: () => cluster.disconnect(),
  };
}

function createCluster(kafka: Kafka): Cluster {
  const name = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER);
  if (name === undefined) throw new Error("kafkajs has no cluster: install the version that package.json pins");
  const create = (kafka as unknown as Record<symbol, (options: object) => Cluster>)[name];
  return create?.({ allowAutoTopicCreation: true }) as Cluster;
}

/** Sends one call and returns the unparsed reply, because the parser of kafkajs throws the first error in a reply. */
async function send<Answer>(broker: Broker, call: ProtocolCall<Answer>): Promise<Answer> {
  const { request, response } = call;
  try {
    return await broker.connectionPool.send({
      request,
      response: { decode: (bytes: Buffer) => response.decode(bytes), parse: async (answer: Answer) => answer },
    });
  } catch (error) {
    // Not awaited, because closing a silent connection takes long. The next call opens a new connection.
    const isBroken = error instanceof Error && BROKEN_CONNECTION.has(error.name);
    if (isBroken) broker.disconnect().catch(() => undefined);
    throw error;
  }
}

function topicData(parts: readonly PartitionMessages[]) {
  const topics = new Map<string, { topic: string; partitions: { partition: number; messages: Message[] }[] }>();
  for (const { topic, partition, messages } of parts) {
    const entry = topics.get(topic) ?? { topic, partitions: [] };
    topics.set(topic, entry);
    entry.partitions.push({ partition, messages });
  }
  return [...topics.values()];
}
