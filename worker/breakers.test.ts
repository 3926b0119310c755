import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { getExecution, ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { createBreakers } from "~/server/services/firing/breakers";
import { getHealth, getStats, listBreakers, renderMetrics, resetBreaker } from "~/server/services/monitoring";
import { createSchedule, deleteSchedule } from "~/server/services/schedules";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorker, type Worker } from "./worker";

let stack: TestStack;
let workers: Worker[] = [];
let topics = 0;

beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterEach(async () => {
  for (const worker of workers) await worker.stop();
  workers = [];
});
afterAll(async () => stack?.stop());

async function startAWorker(): Promise<void> {
  // A retry waits for a random part of its longest delay. Here it waits for nearly all of it.
  const deps = { ...(await stack.another()), random: () => 0.999 };
  workers.push(await startWorker({ deps, port: 0, host: "127.0.0.1", clockSkewMs: () => 0 }));
}

/** Makes a topic refuse events: its key is not a stream. */
async function brokenTopic(): Promise<{ topic: string; repair(): Promise<unknown> }> {
  topics += 1;
  const topic = `broken-${topics}`;
  const key = `${stack.prefix}bus:${topic}`;
  await stack.redis.set(key, "no stream");
  return { topic, repair: () => stack.redis.del(key) };
}

async function fire(topic: string, count: number, over: object = {}): Promise<string[]> {
  const made = await Promise.all(
    Array.from({ length: count }, () =>
      createSchedule({
        ctx: stack.ctx,
        input: {
          topic,
          entityType: "user",
          action: "remind",
          payload: { n: 1 },
          executionTime: new Date(Date.now() + 200).toISOString(),
          retryDelaySeconds: 3600,
          ...over,
        } as never,
      }),
    ),
  );
  return made.map(({ schedule }) => schedule.scheduleId);
}

const breaker = async (topic: string) =>
  (await listBreakers({ ctx: stack.ctx })).find((one) => one.target === topic) ?? null;

const whenState = (topic: string, state: string | null) =>
  eventually(
    async () => {
      const found = await breaker(topic);
      return (found?.state ?? null) === state ? { found } : null;
    },
    { what: `the breaker of ${topic} is ${state ?? "gone"}` },
  );

const outcomes = async (scheduleId: string) =>
  (await listExecutions({ ctx: stack.ctx, input: ListExecutionsInput.parse({ scheduleId }) })).items;

const ofTopic = async (topic: string) => {
  const input = ListExecutionsInput.parse({ topic: [topic], limit: 500 });
  return (await listExecutions({ ctx: stack.ctx, input })).items;
};

async function openBreaker(topic: string): Promise<void> {
  await fire(topic, 5);
  await whenState(topic, "open");
}

test("five failures in a row open a topic's breaker; later events are held without an attempt and published after a reset", async () => {
  await startAWorker();
  const { topic, repair } = await brokenTopic();
  await openBreaker(topic);
  const ids = await fire(topic, 30);
  await eventually(async () => ((await breaker(topic))?.held === 30 ? true : null), { what: "30 are held" });
  expect((await getStats({ ctx: stack.ctx })).held).toBe(30);
  expect(await breaker(topic)).toMatchObject({
    state: "open",
    failures: 5,
    error: expect.stringContaining("is not a stream"),
  });
  const metrics = await renderMetrics({ ctx: stack.ctx });
  expect(metrics).toContain(`stufio_schedules_breaker_state{breaker="topic:${topic}"} 2`);
  expect(metrics).toContain("stufio_schedules_held 30");
  const { reasons } = await getHealth({ ctx: stack.ctx });
  expect(reasons.map((reason) => reason.message).join()).toContain("30 events are held");

  await repair();
  await resetBreaker({ ctx: stack.ctx, input: { name: `topic:${topic}` } });
  for (const id of ids) {
    const [row] = await eventually(
      async () => ((await outcomes(id)).some((one) => one.status === "succeeded") ? outcomes(id) : null),
      {
        what: "a held event is published",
      },
    );
    const { attempts } = await getExecution({ ctx: stack.ctx, input: { executionId: row?.executionId as string } });
    expect(attempts).toHaveLength(1);
  }
  expect(await stack.published(topic)).toHaveLength(30);
}, 60_000);

test("a failed trial keeps the breaker open, and a successful trial closes it", async () => {
  await startAWorker();
  const { topic, repair } = await brokenTopic();
  await openBreaker(topic);
  const [id] = await fire(topic, 1);
  await eventually(async () => ((await breaker(topic))?.held === 1 ? true : null), { what: "one is held" });
  await trialNow(topic);
  await eventually(async () => (((await breaker(topic))?.failures ?? 0) === 6 ? true : null), {
    what: "the trial failed",
  });
  await whenState(topic, "open");

  await repair();
  const [next] = await fire(topic, 1);
  await eventually(async () => ((await breaker(topic))?.held === 1 ? true : null), { what: "the next is held" });
  await trialNow(topic);
  await whenState(topic, null);
  await eventually(async () => ((await outcomes(next as string))[0]?.status === "succeeded" ? true : null), {
    what: "the trial's event is published",
  });
  const instances = await stack.deps.hot.listInstances({ limit: 100 });
  expect(instances.find((one) => one.schedule.scheduleId === id)?.attempts).toHaveLength(1);
}, 60_000);

test("held events expire or are cancelled while the breaker is open, and it closes within 10 s after its cause is gone", async () => {
  await startAWorker();
  const { topic, repair } = await brokenTopic();
  await openBreaker(topic);
  await fire(topic, 20, { maxDelaySeconds: 1 });
  const deleted = await fire(topic, 1, { maxDelaySeconds: 3600 });
  const live = await fire(topic, 1);
  await eventually(async () => ((await breaker(topic))?.held === 22 ? true : null), { what: "all are held" });
  for (const scheduleId of deleted) await deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
  // Expired and cancelled occurrences are no longer held, although the breaker is open.
  await eventually(async () => ((await breaker(topic))?.held === 1 ? true : null), {
    what: "only the live one is held",
  });
  expect((await breaker(topic))?.state).toBe("open");
  await repair();
  const repairedAt = Date.now();
  await whenState(topic, null);
  expect(Date.now() - repairedAt).toBeLessThan(10_000);
  await eventually(async () => ((await outcomes(live[0] as string))[0]?.status === "succeeded" ? true : null), {
    what: "the live one is published",
  });
  expect((await outcomes(deleted[0] as string))[0]).toMatchObject({ status: "cancelled", reason: "deleted" });
}, 60_000);

test("the breaker of 40 crons with a short max_delay closes when their topic accepts events again, and new runs succeed", async () => {
  await startAWorker();
  const { topic, repair } = await brokenTopic();
  const over = { executionTime: undefined, cronExpression: "*/2 * * * * *", maxDelaySeconds: 3 };
  const ids = new Set(await fire(topic, 40, over));
  await whenState(topic, "open");
  const expired = async () => (await ofTopic(topic)).filter((row) => row.status === "expired").length;
  await eventually(async () => ((await expired()) >= 80 ? true : null), {
    what: "two rounds expire",
    timeoutMs: 30_000,
  });
  expect(await breaker(topic)).toMatchObject({ state: expect.stringMatching(/open/), held: expect.any(Number) });
  await repair();
  const repairedAt = Date.now();
  await whenState(topic, null);
  expect(Date.now() - repairedAt).toBeLessThan(10_000);
  const closedAt = Date.now();
  await eventually(
    async () => {
      const rows = await ofTopic(topic);
      const newRuns = rows.filter((row) => row.status === "succeeded" && Date.parse(row.scheduledFor) > closedAt);
      return new Set(newRuns.map((row) => row.scheduleId)).size === ids.size ? true : null;
    },
    { what: "a new run of each has succeeded" },
  );
  expect(await breaker(topic)).toBeNull();
  expect((await stack.deps.hot.heldTopics()).filter((one) => one.topic === topic)).toEqual([]);
  for (const scheduleId of ids) await deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
}, 90_000);

test("a topic that refuses events does not hold events of another topic", async () => {
  await startAWorker();
  const { topic } = await brokenTopic();
  await openBreaker(topic);
  await fire(topic, 50);
  const [id] = await fire(`free-${topics}`, 1);
  const [row] = await eventually(
    async () => ((await outcomes(id as string))[0]?.status === "succeeded" ? outcomes(id as string) : null),
    {
      what: "the other topic's event",
    },
  );
  expect(row?.latenessMs).toBeLessThan(2000);
}, 60_000);

test("a closed breaker cannot be reset", async () => {
  await expect(resetBreaker({ ctx: stack.ctx, input: { name: "topic:unknown" } })).rejects.toMatchObject({
    code: "not_found",
  });
});

/** Makes the trial of an open breaker due now, instead of 60 s after it opened. */
async function trialNow(topic: string): Promise<void> {
  const { hot } = stack.deps;
  const name = `topic:${topic}` as const;
  const breakers = createBreakers(stack.deps);
  await breakers.refresh();
  const from = breakers.get(name);
  expect(await hot.swapBreaker({ name, from, to: { ...from, nextTrialAtMs: 1 } })).toMatchObject({ swapped: true });
}
