import { expect, it } from "vitest";
import { createKafkaBus } from "./kafka-bus";

it("an unreachable Kafka is logged as one line, without log lines and stack traces of kafkajs", async () => {
  const lines: { facts: object; message: string }[] = [];
  const log = (facts: object, message: string) => void lines.push({ facts, message });
  const logger = { debug: () => undefined, info: log, warn: log };
  const bus = createKafkaBus({ brokers: ["127.0.0.1:1"], clientId: "unreachable", logger, requestTimeoutMs: 5000 });
  try {
    await bus.start();
    expect(lines).toEqual([
      { facts: { error: expect.stringMatching(/^127\.0\.0\.1:1: [^\n]*$/) }, message: "Kafka is not reachable yet" },
    ]);
  } finally {
    await bus.stop();
  }
});
