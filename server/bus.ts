import { hostname } from "node:os";
import { v7 } from "uuid";
import type { Bus, BusLogger } from "~/server/ports/bus";
import { createKafkaBus, type KafkaBusOptions } from "./adapters/kafka/kafka-bus";
import { createRedisStreamsBus, type RedisStreamsBusOptions } from "./adapters/redis/streams/streams-bus";

const newConsumerName = () => `${hostname()}-${process.pid}-${v7()}`;

/** Creates a bus on Kafka if brokers are given, otherwise on Redis Streams (contract §6). */
export function createBus(options: {
  kafka: Pick<KafkaBusOptions, "brokers" | "clientId" | "compression" | "access"> | null;
  redisStreams: Pick<RedisStreamsBusOptions, "redis" | "prefix" | "maxEntries">;
  logger?: BusLogger;
  requestTimeoutMs?: number;
}): Bus {
  const { kafka, redisStreams, ...shared } = options;
  if (kafka) return createKafkaBus({ ...kafka, ...shared });
  return createRedisStreamsBus({ ...redisStreams, ...shared, newConsumerName });
}
