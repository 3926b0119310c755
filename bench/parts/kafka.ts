import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import kafkajs from "kafkajs";
import { startKafka } from "~/server/testing/services/kafka";
import { type Bench, until } from "./bench";

const PARTITIONS = 3;
const PEERS = fileURLToPath(new URL(".", import.meta.url));

export interface BenchKafka {
  /** The value for KAFKA_BROKERS. */
  readonly brokers: string;
  createTopic(topic: string): Promise<void>;
  /** Waits until the group has its partitions. Returns that time (`performance.now()`). */
  untilJoined(group: string): Promise<number>;
  /** Waits until the group has committed `count` messages of the topic. Returns that time (`performance.now()`). */
  untilCommitted(input: { group: string; topic: string; count: number }): Promise<number>;
}

/** Calls `run` with a new broker. */
export async function withKafka<T>(bench: Bench, run: (kafka: BenchKafka) => Promise<T>): Promise<T> {
  const broker = await startKafka({ dir: join(bench.dir, `kafka-${randomUUID()}`) });
  process.once("exit", () => void broker.kill9());
  const { brokers } = broker;
  const client = new kafkajs.Kafka({ brokers: [brokers], clientId: "bench", logLevel: kafkajs.logLevel.NOTHING });
  const admin = client.admin();
  try {
    await admin.connect();
    // At the first query about a group, the broker slowly creates its topic of offsets.
    const ready = () => admin.describeGroups(["nobody"]).then(Boolean, () => false);
    await until("the broker's coordinator", 30_000, ready, 100);
    return await run({
      brokers,
      async createTopic(topic) {
        await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
      },
      async untilJoined(group) {
        const stable = async () => (await admin.describeGroups([group])).groups[0]?.state === "Stable";
        await until(`the group ${group}`, 60_000, stable, 2);
        return performance.now();
      },
      async untilCommitted({ group, topic, count }) {
        const all = async () => {
          const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
          const sum = found?.partitions.reduce((total, { offset }) => total + Math.max(0, Number(offset)), 0);
          return sum === count;
        };
        await until(`the commits of ${group}`, 120_000, all, 5);
        return performance.now();
      },
    });
  } finally {
    await admin.disconnect();
    await broker.stop();
  }
}

/** Starts a kafkajs client in a separate process. `go` starts its work and returns its result. */
export async function startKafkaPeer(
  file: "kafka-producer.ts" | "kafka-consumer.ts",
  options: object,
): Promise<{ go(): Promise<unknown>; end(): Promise<void> }> {
  const child: ChildProcess = fork(join(PEERS, file), [JSON.stringify(options)], { execArgv: ["--import", "tsx"] });
  await once(child, "message");
  return {
    async go() {
      child.send("go");
      const [report] = await once(child, "message");
      return report;
    },
    async end() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
