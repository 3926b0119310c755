import { afterAll, beforeAll, expect, test } from "vitest";
import { createVirtualClock } from "~/server/adapters/redis/virtual-clock";
import { createSchedule, toggleSchedule } from "~/server/services/schedules";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorkerProcess, type WorkerProcess } from "~/server/testing/worker-process";

const WEEK_SECONDS = "604800";
const DAY_MS = 86_400_000;

let stack: TestStack;
let worker: WorkerProcess;

beforeAll(async () => {
  stack = await startTestStack();
  worker = await startWorkerProcess({
    ...stack.env,
    VIRTUAL_CLOCK: "true",
    schedules_IMMEDIATE_HORIZON_SECONDS: WEEK_SECONDS,
    schedules_TRANSFER_HORIZON_SECONDS: WEEK_SECONDS,
    schedules_SELF_TEST_INTERVAL_SECONDS: "0",
  });
}, 120_000);
afterAll(async () => {
  await worker?.end();
  await stack?.stop();
});

test("40 days pass at once: occurrences fire once at their own times, also after a promotion and after a pause", {
  timeout: 120_000,
}, async () => {
  const create = async (over: object) => {
    const input = { topic: "t", entityType: "x", action: "y", ...over };
    return (await createSchedule({ ctx: stack.ctx, input: input as never })).schedule.scheduleId;
  };
  const startMs = Date.now();
  const iso = (ms: number) => new Date(ms).toISOString();
  const daily = await create({ cronExpression: "30 2 * * *", timezone: "Europe/Berlin", catchUp: { policy: "all" } });
  const farMs = startMs + 35 * DAY_MS;
  const far = await create({ executionTime: iso(farMs) });
  const paused = await create({ cronExpression: "0 12 * * *", catchUp: { policy: "none" } });
  await toggleSchedule({
    ctx: stack.ctx,
    input: { scheduleId: paused, enabled: false, until: startMs + 30 * DAY_MS },
  });

  const { redis, prefix } = stack;
  const clock = createVirtualClock({ redis, prefix, shards: 1, refresh: async () => {} });
  await clock.setTarget(startMs + 40 * DAY_MS);
  const arrived = async () => ((await clock.target()) === null ? true : null);
  await eventually(arrived, { what: "the clock has arrived", timeoutMs: 60_000 });

  const rowsOf = async (scheduleId: string) =>
    (await stack.deps.store.listExecutions({ scheduleId, fromMs: 0, toMs: startMs + 41 * DAY_MS, limit: 500 })).items;
  const days = await rowsOf(daily);
  expect(days.map(({ outcome }) => outcome)).toEqual(Array(40).fill("succeeded"));
  expect(new Set(days.map(({ scheduledFor }) => scheduledFor)).size).toBe(40);
  const once = await rowsOf(far);
  expect(once).toMatchObject([{ scheduledFor: farMs, outcome: "succeeded" }]);
  const outcomes = (await rowsOf(paused)).map(({ outcome }) => outcome);
  expect(outcomes.filter((one) => one === "succeeded").length).toBeGreaterThanOrEqual(9);
  expect(outcomes.filter((one) => one === "skipped").length).toBeGreaterThanOrEqual(29);
  expect(outcomes).toHaveLength(40);
  for (const { firedAt, effectiveAt, attempts } of [...days, ...once]) {
    expect(firedAt).toBeGreaterThanOrEqual(effectiveAt);
    expect((firedAt ?? 0) - effectiveAt).toBeLessThan(30_000);
    expect(attempts).toHaveLength(1);
  }
});
