import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { promoteOnce } from "~/server/services/firing/promote-once";
import {
  createSchedule,
  deleteSchedule,
  executeSchedule,
  getSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorker, type Worker } from "./worker";

let stack: TestStack;
let workers: Worker[] = [];

beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterEach(async () => {
  for (const worker of workers) await worker.stop();
  workers = [];
  stack.change({ immediateHorizonSeconds: 86_400, transferHorizonSeconds: 3600 });
});
afterAll(async () => stack?.stop());

async function work(): Promise<Worker> {
  const deps = await stack.another();
  const worker = await startWorker({ deps, port: 0, host: "127.0.0.1", clockSkewMs: () => 0 });
  workers.push(worker);
  return worker;
}

let topics = 0;
const event = (over: object = {}) => {
  topics += 1;
  return { topic: `topic-${topics}`, entityType: "user", action: "remind", payload: { user_id: 123 }, ...over };
};
const iso = (ms: number) => new Date(ms).toISOString();
const create = (input: object) => createSchedule({ ctx: stack.ctx, input: input as never });
const executions = async (scheduleId: string) =>
  (await listExecutions({ ctx: stack.ctx, input: ListExecutionsInput.parse({ scheduleId, limit: 500 }) })).items;
const succeeded = (scheduleId: string, count: number) =>
  eventually(
    async () => {
      const rows = (await executions(scheduleId)).filter((row) => row.status === "succeeded");
      return rows.length >= count ? rows : null;
    },
    { what: `${count} succeeded executions` },
  );

describe("a worker", () => {
  test("flushes the outbox before it stops", async () => {
    const worker = await work();
    const input = event({ executionTime: iso(Date.now() + 1000) });
    await create(input);
    await eventually(async () => (await stack.published(input.topic)).length === 1 || null, {
      what: "the event on the bus",
    });
    await worker.stop();
    expect((await stack.deps.hot.stats()).outboxDepth).toBe(0);
  });

  test("frees the locks for ends of pauses and for bulk jobs when it stops", async () => {
    const worker = await work();
    const locks = (["pauses", "bulk"] as const).map((name) => stack.deps.locks(name, 500));
    const hold = () => Promise.all(locks.map((lock) => lock.hold()));
    await eventually(async () => (await hold()).every((held) => !held) || null, { what: "the worker holds both" });
    await worker.stop();
    expect(await hold()).toEqual([true, true]);
    for (const lock of locks) await lock.release();
  });

  test("publishes a one-time event once, within 2 s of its time, and completes its schedule", async () => {
    await work();
    const input = event({ executionTime: iso(Date.now() + 1500) });
    const { schedule } = await create(input);
    const [row] = await succeeded(schedule.scheduleId, 1);
    expect(row?.latenessMs).toBeLessThan(2000);
    const messages = await stack.published(input.topic);
    expect(messages).toHaveLength(1);
    const value = JSON.parse(messages[0]?.value ?? "");
    expect(value).toMatchObject({ entity: { type: "user" }, action: "remind", payload: { user_id: 123 } });
    expect(messages[0]?.headers).toMatchObject({
      schedule_id: schedule.scheduleId,
      attempt: "1",
      event_id: value.event_id,
    });
    expect((await getSchedule({ ctx: stack.ctx, input: { scheduleId: schedule.scheduleId } })).status).toBe(
      "completed",
    );
  });

  test("wakes up for a new event that is due before the event it waits for", async () => {
    await work();
    await create(event({ executionTime: iso(Date.now() + 60_000) }));
    const { schedule } = await create(event({ executionTime: iso(Date.now() + 300) }));
    const [row] = await succeeded(schedule.scheduleId, 1);
    expect(row?.latenessMs).toBeLessThan(2000);
  });

  test("fires each occurrence of a cron once, although two workers run", async () => {
    await work();
    await work();
    const input = event({ cronExpression: "*/2 * * * * *" });
    const { schedule } = await create(input);
    const rows = await succeeded(schedule.scheduleId, 4);
    await deleteSchedule({ ctx: stack.ctx, input: { scheduleId: schedule.scheduleId } });
    const times = rows.map((row) => Date.parse(row.scheduledFor)).sort((a, b) => a - b);
    expect(times).toEqual(times.map((_, i) => (times[0] as number) + 2000 * i));
    const ids = (await stack.published(input.topic)).map((message) => message.headers.event_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("pauses a schedule, runs it manually, and resumes it", async () => {
    await work();
    const { schedule } = await create(event({ cronExpression: "* * * * * *" }));
    const { scheduleId } = schedule;
    await succeeded(scheduleId, 1);
    const paused = await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false, note: "maintenance" } });
    expect(paused).toMatchObject({ status: "paused", pauseNote: "maintenance", nextExecution: null });
    const { executionId, wasPaused } = await executeSchedule({ ctx: stack.ctx, input: { scheduleId } });
    expect(wasPaused).toBe(true);
    const manual = await eventually(
      async () => (await executions(scheduleId)).find((row) => row.executionId === executionId) ?? null,
      { what: "the manual run" },
    );
    expect(manual).toMatchObject({ status: "succeeded", trigger: "manual" });
    const before = (await executions(scheduleId)).length;
    await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: true, missed: "none" } });
    await succeeded(scheduleId, before);
    await deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
  });

  test("promotes a long-term event when it is within the horizon, and fires it once", async () => {
    const first = await work();
    const input = event({ executionTime: iso(Date.now() + 5000) });
    // An event 5 s ahead is beyond this horizon.
    stack.change({ immediateHorizonSeconds: 1, transferHorizonSeconds: 1 });
    const { schedule, durable } = await create(input);
    expect({ durable, tier: schedule.tier }).toEqual({ durable: "clickhouse", tier: "clickhouse" });
    expect(await stack.deps.hot.getMany([schedule.scheduleId])).toEqual([null]);
    expect((await promoteOnce(stack.deps)).promoted).toBe(0);
    stack.change({ transferHorizonSeconds: 60, immediateHorizonSeconds: 60 });
    expect((await promoteOnce(stack.deps)).promoted).toBe(1);
    await first.stop();
    expect((await promoteOnce(stack.deps)).promoted).toBe(0);
    await work();
    await succeeded(schedule.scheduleId, 1);
    expect(await stack.published(input.topic)).toHaveLength(1);
    expect(await executions(schedule.scheduleId)).toHaveLength(1);
  });

  test("publishes a delayed message on its original topic, byte for byte, and moves a malformed one to the dead-letter topic", async () => {
    await work();
    const target = event().topic;
    const value = '{"entity":{"type":"user","id":"7"},  "action":"x","payload":{"n":1.50,"e":[]}}';
    const results = await stack.deps.bus?.publish([
      {
        topic: "stufio.events.delayed",
        key: null,
        value,
        headers: { delivery_time: String(Date.now() + 1000), original_topic: target, tenant: "t1" },
      },
      { topic: "stufio.events.delayed", key: null, value: "{}", headers: { original_topic: target } },
    ]);
    expect(results?.every((result) => result.ok)).toBe(true);
    const [message] = await eventually(
      async () => {
        const all = await stack.published(target);
        return all.length > 0 ? all : null;
      },
      { what: "the delayed event" },
    );
    expect(message?.value).toBe(value);
    expect(message?.headers).toMatchObject({ tenant: "t1" });
    const [dead] = await stack.published("stufio.events.delayed.dlq");
    expect(dead?.headers).toMatchObject({ dlq_code: "delivery_time_missing" });
  });
});
