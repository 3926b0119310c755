import { once } from "node:events";
import kafkajs from "kafkajs";

/* The baseline for the delayed topic (benchmark row 8): plain kafkajs reads batches and commits each of them. */

const { brokers, topic, group } = JSON.parse(process.argv[2] ?? "{}") as Record<"brokers" | "topic" | "group", string>;
const kafka = new kafkajs.Kafka({ brokers: [brokers], clientId: "bench-peer", logLevel: kafkajs.logLevel.ERROR });
const consumer = kafka.consumer({ groupId: group });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
process.on("SIGTERM", () => void consumer.disconnect().then(() => process.exit(0)));
process.send?.("ready");
await once(process, "message");
await consumer.run({ eachBatch: async () => undefined });
process.send?.("running");
