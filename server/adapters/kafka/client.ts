// The default import: Node's ESM finds only some of the names that this CommonJS module exports.
import kafkajs, { type Kafka, type KafkaConfig } from "kafkajs";
import type { BusLogger } from "~/server/ports/bus";
import type { Compression } from "./codecs";
// These replace the record readers and the record encoder of kafkajs.
import "./decode";
import "./records";

export interface KafkaConnection {
  brokers: string[];
  clientId: string;
  logger?: BusLogger;
  /** Timeout of each call except `consume`, including its waits and retries. */
  requestTimeoutMs: number;
  /** The codec for publishing; reading supports every codec. */
  compression: Compression;
  /** TLS and SASL, in the format of kafkajs. */
  security?: Pick<KafkaConfig, "ssl" | "sasl">;
}

/** A kafkajs client. Use one per producer session or consumer: kafkajs shares state within a client. */
export function kafkaClient(connection: KafkaConnection): Kafka {
  const { brokers, clientId, logger, requestTimeoutMs, security } = connection;
  return new kafkajs.Kafka({
    brokers,
    clientId,
    ...security,
    connectionTimeout: Math.min(3000, requestTimeoutMs),
    // Shorter than the timeout of the call, so that kafkajs drops a silent connection.
    requestTimeout: Math.max(500, Math.floor(requestTimeoutMs * 0.7)),
    // Set explicitly, because kafkajs has other defaults if NODE_ENV is "test".
    retry: { initialRetryTime: 100, multiplier: 2, factor: 0.2, maxRetryTime: 1000, retries: 2 },
    logLevel: logger ? kafkajs.logLevel.ERROR : kafkajs.logLevel.NOTHING,
    // At debug level, because these errors are retried or returned as results.
    logCreator: () => (entry) => {
      const { message, timestamp: _, stack: __, ...facts } = entry.log;
      logger?.debug({ ...facts, part: entry.namespace }, `kafkajs: ${message}`);
    },
  });
}
