import { expect, it } from "vitest";
import { createKafkaBus } from "./kafka-bus";

it("a Kafka that is away is one line, without the lines and stacks of the client", async () => {
  const lines: { facts: object; message: string }[] = [];
  const note = (facts: object, message: string) => void lines.push({ facts, message });
  const logger = { debug: () => undefined, info: note, warn: note };
  const bus = createKafkaBus({ brokers: ["127.0.0.1:1"], clientId: "away", logger, requestTimeoutMs: 5000 });
  try {
    await bus.start();
    expect(lines).toEqual([
      { facts: { error: expect.stringMatching(/^127\.0\.0\.1:1: [^\n]*$/) }, message: "Kafka is not reachable yet" },
    ]);
  } finally {
    await bus.stop();
  }
});
