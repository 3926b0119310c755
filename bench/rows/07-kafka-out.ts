import type { Bench } from "../parts/bench";
import { TOPIC } from "../parts/event";
import { type BenchKafka, startKafkaPeer, withKafka } from "../parts/kafka";
import { measureAlternately } from "../parts/measure-alternately";
import type { Measured, Row } from "../parts/row";
import { ourBurst } from "./01-burst";

const TARGET = 0.6;

/** Events per second of kafkajs alone. */
async function bareSend(kafka: BenchKafka, count: number): Promise<number> {
  const peer = await startKafkaPeer("kafka-producer.ts", { brokers: kafka.brokers, count });
  try {
    return count / (((await peer.go()) as number) / 1000);
  } finally {
    await peer.end();
  }
}

async function measureOn(kafka: BenchKafka, bench: Bench): Promise<Measured> {
  const count = bench.quick ? 10_000 : 50_000;
  await kafka.createTopic(TOPIC);
  const measured = await measureAlternately(bench, {
    ours: () => ourBurst(bench, count, [{ KAFKA_BROKERS: kafka.brokers }]),
    peer: async () => {
      await bench.emptyRedis();
      return bareSend(kafka, count);
    },
  });
  const ratio = measured.ours / (measured.peer as number);
  return { ...measured, ratio, met: ratio >= TARGET };
}

export const kafkaOut: Row = {
  id: 7,
  name: "Kafka out: the burst to a real broker, until the last is settled",
  unit: "events/s",
  peer: "kafkajs alone, same messages",
  target: `≥ ${TARGET} × peer`,
  measure: (bench) => withKafka(bench, (kafka) => measureOn(kafka, bench)),
};
