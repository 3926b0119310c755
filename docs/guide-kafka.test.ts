import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guideBlocks } from "~/e2e/parts/guide-blocks";
import { createKafkaBus } from "~/server/adapters/kafka/kafka-bus";
import { encodeEventMessage } from "~/server/domain/event-message";
import { superviseChild } from "~/server/testing/services/child-handle";
import { ensureJars, kafkaAvailability, startKafka } from "~/server/testing/services/kafka";

/* The consumers of docs/guide/messages.md read an event that the product's bus publishes to Kafka. */

const externalBrokers = process.env.TEST_KAFKA_BROKERS;
const canTest = externalBrokers !== undefined || kafkaAvailability().available;
const canCompileJava = canTest && spawnSync("javac", ["-version"]).status === 0;
/** Inside of the project, so that the snippets find its packages. */
const CACHE = fileURLToPath(new URL("../node_modules/.cache/guide", import.meta.url));
const EVENT_ID = "3b5bd7a3-6a5c-5f0e-9d3b-0a4c7c1a8e55";

describe.skipIf(!canTest)("a consumer of Kafka in the guide", () => {
  let broker: { brokers: string; stop(): Promise<void> };
  let folder: string;
  beforeAll(async () => {
    broker = externalBrokers ? { brokers: externalBrokers, stop: async () => {} } : await startKafka();
    mkdirSync(CACHE, { recursive: true });
    folder = mkdtempSync(join(CACHE, "kafka-"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const { file, code } of guideBlocks("messages")) if (file) writeFileSync(join(folder, file), code);
    const bus = createKafkaBus({ brokers: broker.brokers.split(","), clientId: "guide", requestTimeoutMs: 10_000 });
    const schedule = {
      ...{ scheduleId: "0190f3a0-0000-7000-8000-00000000000a", topic: "guide.invoices", correlationId: "order-4711" },
      ...{ entityType: "invoice", entityId: "4711", action: "remind", actorId: "scheduler", headers: {} },
      ...{ actorType: "system" as const, payload: '{"attempt": 1}', rawValue: false },
    };
    const at = Date.parse("2027-01-01T09:00:00Z");
    const occurrence = { eventId: EVENT_ID, executionId: EVENT_ID, scheduledForMs: at, attempt: 1, timestampMs: at };
    const [result] = await bus.publish([encodeEventMessage({ schedule, occurrence })]);
    expect(result).toMatchObject({ ok: true });
    await bus.stop();
  }, 120_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await broker?.stop();
  });

  /** Runs a program until it prints a line that contains the text. */
  async function lineOf(command: readonly string[], text: string): Promise<string> {
    const [program = "", ...args] = command;
    const env = { ...process.env, KAFKA_BROKERS: broker.brokers };
    const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
    const handle = superviseChild(child);
    try {
      for await (const line of createInterface({ input: child.stdout })) if (line.includes(text)) return line;
      throw new Error(`${command.join(" ")} ended without a line with ${text}`);
    } finally {
      await handle.end("SIGTERM");
    }
  }

  it("in TypeScript prints the event", async () => {
    const line = await lineOf([process.execPath, "--import", "tsx", "kafka-consumer.ts"], "4711");
    expect(line).toBe("remind invoice 4711 planned for 2027-01-01T09:00:00.000Z");
  });

  it.skipIf(!canCompileJava)("in Java prints the event", async () => {
    const quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn";
    const line = await lineOf(["java", quiet, "-cp", `${await ensureJars()}/*`, "KafkaInvoices.java"], EVENT_ID);
    expect(line).toContain(`${EVENT_ID} {"event_id":"${EVENT_ID}"`);
  });
});
