import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Claim } from "~/server/ports/hot/claims";
import type { SettleItem } from "~/server/ports/hot/settlement";
import { startBulk } from "~/server/services/bulk";
import { runBulkStep } from "~/server/services/bulk/run-step";
import { createBreakers } from "~/server/services/firing/breakers";
import { runClaims } from "~/server/services/firing/run-claims";
import {
  createSchedule,
  deleteSchedule,
  executeSchedule,
  getSchedule,
  patchSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";

/*
 * The tests set the clock of the services to the past. Past occurrences are due, because Redis keeps the real time.
 */

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

const setClock = (ms: number) => {
  stack.deps.clock.now = () => ms;
};
/** The multiple of 5 s that is about `agoMs` before now. */
const ago = (agoMs: number) => Math.floor((now() - agoMs) / 5000) * 5000;

async function create(over: object = {}): Promise<string> {
  const input = { topic: "t", entityType: "user", action: "a", payload: {}, cronExpression: "*/5 * * * * *", ...over };
  // Creating a long-term schedule waits for ClickHouse.
  const recording = keepRecording(stack.deps);
  const { schedule } = await createSchedule({ ctx: stack.ctx, input: input as never });
  await recording.stop();
  return schedule.scheduleId;
}

const toggle = (scheduleId: string, enabled: boolean, over: object = {}) =>
  toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled, ...over } });

async function claim(limit = 1000): Promise<Claim[]> {
  const limits = { workerId: "w", shard: 0, limit, leaseMs: 30_000, catchUpLimit: limit, graceMs: 60_000 };
  const { claims } = await stack.deps.hot.claim(limits);
  return claims.filter((one): one is Claim => one.kind === "occurrence");
}

/** Settles a claim without a tail, so that the plan gets shorter. */
function doneWithoutTail(done: Claim): SettleItem {
  const published = { firedAt: Date.now(), endedAt: Date.now(), publishMs: 1, partition: null, offset: null };
  const delta = { outcome: "succeeded", reason: null, attempts: [], error: null, errorClass: null } as const;
  return {
    kind: "done",
    claim: done,
    tail: null,
    delta: { ...delta, ...published, attempts: [], workerId: "w", actor: null },
  };
}

async function fire(limit?: number): Promise<number> {
  const claims = await claim(limit);
  const { deps } = stack;
  await runClaims({ deps, breakers: createBreakers(deps), workerId: "w", claims, nowMs: Date.now() });
  return claims.length;
}

async function rowsOf(scheduleId: string) {
  const { executions } = await stack.deps.hot.unflushed({ limit: 100_000 });
  return executions.filter((row) => row.scheduleId === scheduleId).sort((a, b) => a.scheduledFor - b.scheduledFor);
}
const view = (scheduleId: string) => getSchedule({ ctx: stack.ctx, input: { scheduleId } });
const range = (fromMs: number, count: number) => Array.from({ length: count }, (_, i) => fromMs + 5000 * (i + 1));

describe("max_delay_seconds of missed occurrences", () => {
  test("counts from the time of each occurrence, like its lateness", async () => {
    const start = ago(30_000);
    setClock(start);
    const scheduleId = await create({ maxDelaySeconds: 10 });
    await toggle(scheduleId, false);
    stack.deps.clock.now = now;
    await toggle(scheduleId, true, { missed: "all" });
    while ((await fire()) > 0);
    const rows = (await rowsOf(scheduleId)).filter((row) => row.trigger === "catch_up");
    expect(rows.length).toBeGreaterThanOrEqual(6);
    expect(rows.map((row) => row.scheduledFor)).toEqual(range(start, rows.length));
    for (const row of rows) {
      expect(row.latenessMs).toBe(row.endedAt - row.scheduledFor);
      expect(row.outcome).toBe(row.latenessMs > 10_000 ? "expired" : "succeeded");
    }
    expect(new Set(rows.map((row) => row.outcome))).toEqual(new Set(["expired", "succeeded"]));
  });

  test("counts from the effective time if there is jitter", async () => {
    const start = ago(40_000);
    setClock(start);
    const scheduleId = await create({ jitterSeconds: 4 });
    await toggle(scheduleId, false);
    stack.deps.clock.now = now;
    await toggle(scheduleId, true, { missed: "all" });
    while ((await fire()) > 0);
    const rows = (await rowsOf(scheduleId)).filter((row) => row.trigger === "catch_up");
    expect(rows.length).toBeGreaterThanOrEqual(6);
    expect(rows.some((row) => row.effectiveAt > row.scheduledFor)).toBe(true);
    for (const row of rows) {
      expect(row.effectiveAt - row.scheduledFor).toBeLessThan(4000);
      expect(row.latenessMs).toBe(row.endedAt - row.effectiveAt);
    }
  });

  test("does not apply to manual runs", async () => {
    const scheduleId = await create({ cronExpression: "0 0 1 1 *", maxDelaySeconds: 1 });
    await executeSchedule({ ctx: stack.ctx, input: { scheduleId } });
    const claims = await claim();
    const { deps } = stack;
    await runClaims({ deps, breakers: createBreakers(deps), workerId: "w", claims, nowMs: Date.now() + 60_000 });
    expect(await rowsOf(scheduleId)).toMatchObject([{ trigger: "manual", outcome: "succeeded" }]);
  });
});

describe("max_runs", () => {
  const succeeded = async (scheduleId: string) =>
    (await rowsOf(scheduleId)).filter((row) => row.outcome === "succeeded").map((row) => row.scheduledFor);

  /** A schedule with `max_runs` 3 and two claimed runs. `end` ends these runs, and `pause` pauses the schedule. */
  async function withTwoClaimed(over: object = {}) {
    const start = ago(50_000);
    setClock(start);
    const scheduleId = await create({ maxRuns: 3, ...over });
    const claims = [...(await claim(1)), ...(await claim(1))];
    expect(claims.map((one) => one.nominalMs)).toEqual([start + 5000, start + 10_000]);
    const end = async () => {
      const { deps } = stack;
      await runClaims({ deps, breakers: createBreakers(deps), workerId: "w", claims, nowMs: Date.now() });
    };
    const pause = async () => {
      setClock(start + 14_000);
      await toggle(scheduleId, false);
      stack.deps.clock.now = now;
    };
    return { scheduleId, start, claims, end, pause };
  }

  test("applies to a resume that runs all missed occurrences, and the last allowed run completes the schedule", async () => {
    const { scheduleId, start, end, pause } = await withTwoClaimed();
    await end();
    await pause();
    await toggle(scheduleId, true, { missed: "all" });
    while ((await fire()) > 0);
    expect(await succeeded(scheduleId)).toEqual(range(start, 3));
    expect(await view(scheduleId)).toMatchObject({ status: "completed", nextExecution: null });
    const rest = (await rowsOf(scheduleId)).slice(3);
    expect(rest.length).toBeGreaterThanOrEqual(5);
    for (const row of rest) expect(row).toMatchObject({ outcome: "skipped", reason: "schedule_ended" });
  });

  test("counts runs that wait for a retry while the schedule is paused and resumed", async () => {
    const { scheduleId, claims, pause } = await withTwoClaimed();
    const retry = claims.map((one) => ({ kind: "retry" as const, claim: one, atMs: 1, attempts: [], tail: null }));
    await stack.deps.hot.settle(retry);
    await pause();
    await toggle(scheduleId, true, { missed: "all" });
    while ((await fire()) > 0);
    expect(await succeeded(scheduleId)).toHaveLength(3);
    expect((await view(scheduleId)).status).toBe("completed");
  });

  test("applies if a retry extends the plan after later occurrences have run", async () => {
    const start = ago(50_000);
    setClock(start);
    const scheduleId = await create({ cronExpression: "* * * * * *", maxRuns: 20 });
    stack.deps.clock.now = now;
    const [first] = await claim(1);
    const atMs = Date.now() + 1000;
    await stack.deps.hot.settle([{ kind: "retry", claim: first as Claim, atMs, attempts: [], tail: null }]);
    // Three planned occurrences are left when the retry is due.
    for (let n = 0; n < 12; n += 1) await stack.deps.hot.settle((await claim(1)).map(doneWithoutTail));
    await eventually(async () => (Date.now() > atMs ? true : null), { what: "the retry is due" });
    expect(await fire(1)).toBe(1);
    while ((await fire()) > 0);
    expect(await succeeded(scheduleId)).toHaveLength(20);
    expect((await view(scheduleId)).status).toBe("completed");
  });

  test("does not count manual runs", async () => {
    const { scheduleId, end } = await withTwoClaimed();
    stack.deps.clock.now = now;
    await end();
    await executeSchedule({ ctx: stack.ctx, input: { scheduleId } });
    await executeSchedule({ ctx: stack.ctx, input: { scheduleId } });
    while ((await fire()) > 0);
    expect(await view(scheduleId)).toMatchObject({ status: "completed", runsTaken: 3, executionCount: 5 });
    const rows = await rowsOf(scheduleId);
    expect(rows.filter((row) => row.trigger === "schedule")).toHaveLength(3);
    expect(rows.filter((row) => row.trigger === "manual")).toHaveLength(2);
  });

  test("applies after an edit enables a schedule that is only in the catalogue", async () => {
    const { scheduleId, end, pause } = await withTwoClaimed({ catchUp: { policy: "all" } });
    await end();
    await pause();
    await recordAll(stack.deps, 0);
    const before = (await stack.deps.store.getSchedules([scheduleId]))[0]?.state.runsTaken;
    expect(before).toBe(2);
    const recording = keepRecording(stack.deps);
    await patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: { enabled: true } } as never });
    await recording.stop();
    while ((await fire()) > 0);
    expect((await rowsOf(scheduleId)).filter((row) => row.outcome === "succeeded")).toHaveLength(1);
    expect((await view(scheduleId)).status).toBe("completed");
  });
});

describe("missed occurrences of a deleted schedule", () => {
  const LEAVING: { how: string; leave: (scheduleId: string) => Promise<unknown> }[] = [
    { how: "a delete", leave: (scheduleId) => deleteSchedule({ ctx: stack.ctx, input: { scheduleId } }) },
    {
      how: "a bulk delete",
      leave: async (scheduleId) => {
        await startBulk({ ctx: stack.ctx, input: { action: "delete", ids: [scheduleId], dryRun: false } });
        while (await runBulkStep(stack.deps));
      },
    },
  ];

  test.each(LEAVING)("during its pause get rows with actor and note after $how", async ({ leave }) => {
    const start = ago(3_600_000);
    setClock(start);
    const scheduleId = await create();
    await toggle(scheduleId, false, { note: "INC-7" });
    setClock(start + 25_000);
    await leave(scheduleId);
    const rows = await rowsOf(scheduleId);
    expect(rows.map((row) => row.scheduledFor)).toEqual(range(start, 5));
    for (const row of rows) {
      expect(row).toMatchObject({ outcome: "skipped", reason: "paused", actor: "system", note: "INC-7" });
    }
  });

  test("get rows since its creation if it was never enabled", async () => {
    const start = ago(3_600_000);
    setClock(start);
    const scheduleId = await create({ enabled: false });
    setClock(start + 10_000);
    await deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
    expect((await rowsOf(scheduleId)).map((row) => row.scheduledFor)).toEqual(range(start, 2));
  });

  test("get no rows after the end of the schedule if it ended during its pause", async () => {
    const start = ago(3_600_000);
    setClock(start);
    const scheduleId = await create({ endAt: new Date(start + 15_000).toISOString() });
    await toggle(scheduleId, false);
    setClock(start + 60_000);
    await deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
    expect((await rowsOf(scheduleId)).map((row) => row.scheduledFor)).toEqual(range(start, 3));
  });

  test("get no rows by the delete if the schedule was completed", async () => {
    const start = ago(3_600_000);
    setClock(start);
    const scheduleId = await create({ enabled: false, endAt: new Date(start + 15_000).toISOString() });
    setClock(start + 60_000);
    const recording = keepRecording(stack.deps);
    await patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: { enabled: true } } as never });
    await recording.stop();
    expect((await view(scheduleId)).status).toBe("completed");
    const settled = (await rowsOf(scheduleId)).length;
    setClock(start + 120_000);
    await deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
    expect(await rowsOf(scheduleId)).toHaveLength(settled);
  });

  test("are each written once if they do not fit into one Redis call", async () => {
    const start = ago(86_400_000);
    setClock(start);
    const scheduleId = await create({ cronExpression: "* * * * * *" });
    await toggle(scheduleId, false);
    setClock(start + 12_000_000);
    await deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
    const rows = await rowsOf(scheduleId);
    expect(rows).toHaveLength(12_000);
    expect(new Set(rows.map((row) => row.scheduledFor)).size).toBe(12_000);
  }, 60_000);
});
