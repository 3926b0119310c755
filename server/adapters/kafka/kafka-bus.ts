import type { Admin } from "kafkajs";
import type { Bus, BusHealth, BusLogger, Consumption } from "~/server/ports/bus";
import { withTimeout } from "~/server/timing/request-timeout";
import { adviseOnKafka } from "./advice";
import { type KafkaConnection, kafkaClient } from "./client";
import type { Compression } from "./codecs";
import { consumeFromKafka } from "./consume";
import { inspectKafka } from "./inspect";
import { createKafkaPublisher } from "./publish";
import { type KafkaAccess, kafkaSecurity } from "./security";

export interface KafkaBusOptions {
  brokers: string[];
  clientId: string;
  logger?: BusLogger;
  /** Timeout of each call but `consume`; 10 s by default. */
  requestTimeoutMs?: number;
  /** The codec for publishing; `none` by default. */
  compression?: Compression;
  /** TLS and SASL; neither by default. */
  access?: KafkaAccess;
}

/** The bus over Apache Kafka. The broker's configuration decides whether publishing or consuming creates a topic. */
export function createKafkaBus(options: KafkaBusOptions): Bus {
  const { access, ...rest } = options;
  const security = access && kafkaSecurity(access);
  const connection: KafkaConnection = { requestTimeoutMs: 10_000, compression: "none", ...rest, security };
  const publisher = createKafkaPublisher(connection);
  const consumptions = new Set<Consumption>();
  let admin: Admin | null = null;

  async function connectedAdmin(): Promise<Admin> {
    const client = admin ?? kafkaClient(connection).admin();
    admin = client;
    await client.connect();
    return client;
  }

  async function reachableBrokers(): Promise<string> {
    const { brokers } = await (await connectedAdmin()).describeCluster();
    return brokers.map(({ host, port }) => `${host}:${port}`).join(", ");
  }

  async function dropAdmin(): Promise<void> {
    const last = admin;
    admin = null;
    await last?.disconnect().catch(() => undefined);
  }

  async function check(): Promise<BusHealth> {
    const startedAt = performance.now();
    const elapsedMs = () => Math.round(performance.now() - startedAt);
    try {
      const detail = await withTimeout(reachableBrokers(), { what: "Kafka", timeoutMs: connection.requestTimeoutMs });
      return { ok: true, detail, latencyMs: elapsedMs() };
    } catch (error) {
      // The next check uses a new client: this client may keep retrying a broker that is gone.
      void dropAdmin();
      return { ok: false, detail: adviseOnKafka(error, connection), latencyMs: elapsedMs() };
    }
  }

  return {
    async start() {
      try {
        await withTimeout(publisher.connect(), { what: "Kafka", timeoutMs: connection.requestTimeoutMs });
      } catch (error) {
        connection.logger?.warn({ error: adviseOnKafka(error, connection) }, "Kafka is not reachable yet");
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
    /** Kafka has no check per topic. A topic's errors appear only when publishing. */
    probe: check,

    async inspect(input) {
      const inspect = async () => inspectKafka(await connectedAdmin(), input);
      return withTimeout(inspect(), { what: "Kafka", timeoutMs: connection.requestTimeoutMs });
    },

    async ensureTopic(topic) {
      const create = async () => {
        const client = await connectedAdmin();
        if ((await client.listTopics()).includes(topic)) return;
        await client.createTopics({ topics: [{ topic }], waitForLeaders: true });
      };
      await withTimeout(create(), { what: "Kafka", timeoutMs: connection.requestTimeoutMs });
    },

    async stop() {
      await Promise.all([...consumptions].map((consumption) => consumption.stop()));
      consumptions.clear();
      await Promise.all([publisher.stop(), dropAdmin()]);
    },
  };
}
