// The default import: Node's ESM finds only some of the names that this CommonJS module exports.
import kafkajs, { type Kafka, type KafkaConfig } from "kafkajs";
import type { BusLogger } from "~/server/ports/bus";
import type { Compression } from "./codecs";
import "./decode";
import "./records";

export interface KafkaConnection {
  brokers: string[];
  clientId: string;
  logger?: BusLogger;
  /** Bounds one publish call, waiting and retries included, and one health check. */
  requestTimeoutMs: number;
  /** Of what is published; whatever it is, every codec is read. */
  compression: Compression;
  /** TLS and SASL, as kafkajs takes them. */
  security?: Pick<KafkaConfig, "ssl" | "sasl">;
}

/**
 * A kafkajs client with our limits. Each life of a producer or consumer takes its own: kafkajs shares state within one.
 */
export function kafkaClient(connection: KafkaConnection): Kafka {
  const { brokers, clientId, logger, requestTimeoutMs, security } = connection;
  return new kafkajs.Kafka({
    brokers,
    clientId,
    ...security,
    connectionTimeout: Math.min(3000, requestTimeoutMs),
    // Shorter than the whole call, so that a silent connection is noticed by the one who can drop it.
    requestTimeout: Math.max(500, Math.floor(requestTimeoutMs * 0.7)),
    // Given in full: kafkajs has other defaults where NODE_ENV is "test".
    retry: { initialRetryTime: 100, multiplier: 2, factor: 0.2, maxRetryTime: 1000, retries: 2 },
    logLevel: logger ? kafkajs.logLevel.ERROR : kafkajs.logLevel.NOTHING,
    // Each is either retried or comes back as a result, which our own line tells: one outage would be a dozen lines and
    // stacks here.
    logCreator: () => (entry) => {
      const { message, timestamp: _, stack: __, ...facts } = entry.log;
      logger?.debug({ ...facts, part: entry.namespace }, `kafkajs: ${message}`);
    },
  });
}
