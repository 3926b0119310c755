import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { endPauses, rememberPauses } from "~/server/services/firing/end-pauses";
import { createSchedule, getSchedule, patchSchedule, previewResume, toggleSchedule } from "~/server/services/schedules";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";

/* No worker runs. The tests set the clock of the services. */

let stack: TestStack;
let now = Date.now;
beforeAll(async () => {
  stack = await startTestStack();
  now = stack.deps.clock.now;
}, 120_000);
afterEach(() => {
  stack.deps.clock.now = now;
});
afterAll(async () => stack?.stop());

const MINUTE_MS = 60_000;
const setClock = (ms: number) => {
  stack.deps.clock.now = () => ms;
};
/** Three days ago, in the middle between two occurrences of the cron. */
const START_MS = Math.floor((Date.now() - 3 * 86_400_000) / MINUTE_MS) * MINUTE_MS + 30_000;

async function createPaused(over: object = {}): Promise<string> {
  setClock(START_MS);
  const input = { topic: "t", entityType: "user", action: "remind", payload: {}, cronExpression: "* * * * *", ...over };
  const { schedule } = await createSchedule({ ctx: stack.ctx, input: input as never });
  await toggleSchedule({ ctx: stack.ctx, input: { scheduleId: schedule.scheduleId, enabled: false, note: "INC-1" } });
  return schedule.scheduleId;
}

async function rowsOf(scheduleId: string) {
  const { executions } = await stack.deps.hot.unflushed({ limit: 100_000 });
  return executions.filter((row) => row.scheduleId === scheduleId);
}

async function caughtUp(scheduleId: string) {
  const instances = await stack.deps.hot.listInstances({ limit: 10_000 });
  return instances.filter((one) => one.schedule.scheduleId === scheduleId).map((one) => one.nominalMs);
}

describe("a resume", () => {
  const CHOICES = [
    { missed: "none" as const, skipped: 60, run: 0 },
    { missed: "last" as const, skipped: 59, run: 1 },
    { missed: "all" as const, skipped: 0, run: 60 },
  ];
  test.each(CHOICES)("with $missed matches its preview", async ({ missed, skipped, run }) => {
    const scheduleId = await createPaused();
    setClock(START_MS + 60 * MINUTE_MS);
    const preview = await previewResume({ ctx: stack.ctx, input: { scheduleId } });
    expect(preview).toEqual({
      pausedAt: new Date(START_MS).toISOString(),
      missed: 60,
      missedIsExact: true,
      oldest: new Date(START_MS + 30_000).toISOString(),
      newest: new Date(START_MS + 59 * MINUTE_MS + 30_000).toISOString(),
      wouldRun: { none: 0, last: 1, all: 60 },
      byDefault: "last",
    });
    await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: true, missed } });
    const rows = await rowsOf(scheduleId);
    expect(rows).toHaveLength(skipped);
    for (const row of rows) expect(row).toMatchObject({ outcome: "skipped", reason: "paused" });
    expect(await caughtUp(scheduleId)).toHaveLength(run);
    const now = await getSchedule({ ctx: stack.ctx, input: { scheduleId } });
    expect(now).toMatchObject({
      pausedAt: null,
      nextExecution: new Date(START_MS + 60 * MINUTE_MS + 30_000).toISOString(),
    });
  });

  test("of an edited schedule uses the start of the pause", async () => {
    const scheduleId = await createPaused();
    // A paused schedule is only in ClickHouse, so an edit of it waits for ClickHouse.
    const recording = keepRecording(stack.deps);
    setClock(START_MS + 30 * MINUTE_MS);
    await patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: { description: "changed" } } as never });
    setClock(START_MS + 60 * MINUTE_MS);
    expect((await previewResume({ ctx: stack.ctx, input: { scheduleId } })).missed).toBe(60);
    // An edit of the times writes the rows of the occurrences missed until then.
    await patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: { cronExpression: "*/10 * * * *" } } as never });
    await recording.stop();
    const input = ListExecutionsInput.parse({ scheduleId, limit: 500 });
    const { items } = await listExecutions({ ctx: stack.ctx, input });
    expect(items).toHaveLength(60);
    for (const row of items) expect(row).toMatchObject({ status: "skipped", reason: "paused" });
    setClock(START_MS + 120 * MINUTE_MS);
    expect((await previewResume({ ctx: stack.ctx, input: { scheduleId } })).missed).toBe(6);
  });

  test("writes each missed occurrence once if they do not fit into one Redis call", async () => {
    const scheduleId = await createPaused({ cronExpression: "* * * * * *" });
    const missed = 12_000;
    setClock(START_MS + missed * 1000);
    await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: true, missed: "last" } });
    const rows = await rowsOf(scheduleId);
    expect(rows).toHaveLength(missed - 1);
    expect(new Set(rows.map((row) => row.scheduledFor)).size).toBe(missed - 1);
    expect(await caughtUp(scheduleId)).toEqual([START_MS + missed * 1000]);
  }, 60_000);
});

describe("a pause until a time", () => {
  async function pausedUntil(untilMs: number): Promise<string> {
    stack.deps.clock.now = now;
    const input = { topic: "t", entityType: "user", action: "remind", payload: {}, cronExpression: "0 0 * * *" };
    const { schedule } = await createSchedule({ ctx: stack.ctx, input: input as never });
    const { scheduleId } = schedule;
    // A pause must end in the future.
    setClock(untilMs - 1);
    await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false, until: untilMs } });
    stack.deps.clock.now = now;
    return scheduleId;
  }
  const enabled = async (scheduleId: string) => (await getSchedule({ ctx: stack.ctx, input: { scheduleId } })).enabled;

  test("ends automatically at that time, not earlier", async () => {
    const ended = await pausedUntil(Date.now() - 10);
    const later = await pausedUntil(Date.now() + MINUTE_MS);
    expect(await endPauses(stack.deps)).toBe(1);
    expect([await enabled(ended), await enabled(later)]).toEqual([true, false]);
    expect(await endPauses(stack.deps)).toBe(0);
  });

  test("ends at that time even if Redis has lost the time", async () => {
    const scheduleId = await pausedUntil(Date.now() - 10);
    await recordAll(stack.deps, 0);
    await stack.redis.del(`${stack.prefix}until`);
    expect(await endPauses(stack.deps)).toBe(0);
    await rememberPauses(stack.deps);
    expect(await endPauses(stack.deps)).toBe(1);
    expect(await enabled(scheduleId)).toBe(true);
  });
});
