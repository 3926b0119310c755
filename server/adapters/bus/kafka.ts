import type { Admin } from "kafkajs";
import type { Bus, BusHealth, BusLogger, Consumption } from "./bus-types";
import { type KafkaConnection, kafkaClient } from "./kafka-client";
import { consumeFromKafka } from "./kafka-consume";
import { readKafkaError } from "./kafka-errors";
import { createKafkaPublisher } from "./kafka-publish";
import { withTimeout } from "./request-timeout";

export interface KafkaBusOptions {
  brokers: string[];
  clientId: string;
  logger?: BusLogger;
  /** Bounds one publish call and one health check; 10 s by default. */
  requestTimeoutMs?: number;
  security?: KafkaConnection["security"];
}

/** The bus over Apache Kafka. Topics that do not exist are created by the broker, if it is set to. */
export function createKafkaBus(options: KafkaBusOptions): Bus {
  const connection: KafkaConnection = { requestTimeoutMs: 10_000, ...options };
  const publisher = createKafkaPublisher(connection);
  const consumptions = new Set<Consumption>();
  let admin: Admin | null = null;

  async function reachableBrokers(): Promise<string> {
    const client = admin ?? kafkaClient(connection).admin();
    admin = client;
    await client.connect();
    const { brokers } = await client.describeCluster();
    return brokers.map(({ host, port }) => `${host}:${port}`).join(", ");
  }

  async function dropAdmin(): Promise<void> {
    const last = admin;
    admin = null;
    await last?.disconnect().catch(() => undefined);
  }

  async function check(): Promise<BusHealth> {
    const startedAt = performance.now();
    const since = () => Math.round(performance.now() - startedAt);
    try {
      const detail = await withTimeout(reachableBrokers(), { what: "Kafka", timeoutMs: connection.requestTimeoutMs });
      return { ok: true, detail, latencyMs: since() };
    } catch (error) {
      // A new client next time: this one may go on trying the broker that went away.
      void dropAdmin();
      return { ok: false, detail: readKafkaError(error).message, latencyMs: since() };
    }
  }

  return {
    kind: "kafka",

    async start() {
      try {
        await withTimeout(publisher.connect(), { what: "Kafka", timeoutMs: connection.requestTimeoutMs });
      } catch (error) {
        const facts = { brokers: connection.brokers, error: readKafkaError(error).message };
        connection.logger?.warn(facts, "Kafka cannot be reached yet");
      }
    },

    publish: (messages) => publisher.publish(messages),

    async consume(input) {
      const consumption = consumeFromKafka(connection, input);
      consumptions.add(consumption);
      return {
        async stop() {
          consumptions.delete(consumption);
          await consumption.stop();
        },
      };
    },

    check,
    /** What a topic itself refuses shows only in a publish. */
    probe: check,

    async stop() {
      await Promise.all([...consumptions].map((consumption) => consumption.stop()));
      consumptions.clear();
      await Promise.all([publisher.stop(), dropAdmin()]);
    },
  };
}
