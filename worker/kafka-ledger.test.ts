import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getExecution, ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { CreateSchedulesInput, createSchedules } from "~/server/services/schedules";
import { kafkaAvailability, startKafka } from "~/server/testing/services/kafka";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorker } from "./worker";

const externalBrokers = process.env.TEST_KAFKA_BROKERS;
const availability = kafkaAvailability();
const canTest = externalBrokers !== undefined || availability.available;
if (!canTest) console.warn(`The tests of the ledger with Kafka are skipped: ${availability.reason}`);

describe.skipIf(!canTest)("two events of one batch, if Kafka refuses one of them", () => {
  let stack: TestStack;
  let kafka: Kafka;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const broker = externalBrokers ? { brokers: externalBrokers, stop: async () => {} } : await startKafka();
    ends.push(() => broker.stop());
    const brokers = broker.brokers.split(",");
    kafka = new Kafka({ brokers, clientId: "somebody-else", logLevel: logLevel.NOTHING });
    stack = await startTestStack({ kafka: { brokers } });
    ends.push(() => stack.stop());
  }, 120_000);
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  async function withAdmin<T>(work: (admin: ReturnType<Kafka["admin"]>) => Promise<T>): Promise<T> {
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  async function createTopic(config: Record<string, string>): Promise<string> {
    const topic = `ledger.${randomUUID().slice(0, 8)}`;
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    await withAdmin((admin) => admin.createTopics({ topics: [{ topic, configEntries }], waitForLeaders: true }));
    return topic;
  }

  const messageCount = (topic: string) =>
    withAdmin(async (admin) =>
      (await admin.fetchTopicOffsets(topic)).reduce((sum, one) => sum + Number(one.offset), 0),
    );

  async function ended(topic: string) {
    const input = ListExecutionsInput.parse({ topic });
    const { items } = await listExecutions({ ctx: stack.ctx, input });
    return Promise.all(
      items.map(async ({ executionId, scheduleId }) => {
        const { status, attempts } = await getExecution({ ctx: stack.ctx, input: { executionId } });
        return { status, attempts: attempts.map(({ n }) => n), scheduleId };
      }),
    );
  }

  it("have one attempt each in the ledger: the refused event is dead, and the other is published once", async () => {
    const [refusing, other] = [await createTopic({ "max.message.bytes": "2000" }), await createTopic({})];
    const executionTime = new Date(Date.now() + 500).toISOString();
    const common = { entityType: "x", action: "y", executionTime, maxRetries: 3, retryDelaySeconds: 1 };
    const items = [
      { ...common, topic: refusing, payload: { text: "x".repeat(3000) } },
      { ...common, topic: other, payload: { text: "once" } },
    ];
    const made = await createSchedules({ ctx: stack.ctx, input: CreateSchedulesInput.parse({ items }) });
    const ids = made.items.map((item) => ("scheduleId" in item ? item.scheduleId : null));
    // The worker starts when both are due, so that one claim takes both.
    await eventually(async () => ((await stack.deps.hot.stats()).overdue >= 2 ? true : null), {
      what: "both are due",
    });
    const worker = await startWorker({
      deps: await stack.another(),
      port: 0,
      host: "127.0.0.1",
      clockSkewMs: () => 0,
    });
    try {
      await eventually(
        async () => ((await ended(refusing)).length > 0 && (await ended(other)).length > 0 ? true : null),
        { what: "both have ended", timeoutMs: 30_000 },
      );
    } finally {
      await worker.stop();
    }
    expect(await ended(refusing)).toEqual([{ status: "dead", attempts: [1], scheduleId: ids[0] }]);
    expect(await ended(other)).toEqual([{ status: "succeeded", attempts: [1], scheduleId: ids[1] }]);
    expect([await messageCount(refusing), await messageCount(other)]).toEqual([0, 1]);
  });
});
