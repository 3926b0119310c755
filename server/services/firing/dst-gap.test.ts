import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Execution } from "~/server/domain/execution";
import type { Claim, PlanClaim } from "~/server/ports/hot/claims";
import { deleteSchedule, patchSchedule, toggleSchedule } from "~/server/services/schedules";
import { createSchedule } from "~/server/services/schedules/create";
import { keepRecording } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { createBreakers } from "./breakers";
import { catchUp } from "./catch-up";
import { runClaims } from "./run-claims";

/*
 * 02:30 does not exist in Berlin on 29 March 2026. With `dst_gap: skip`, exactly one skipped row records that
 * occurrence. The tests set the services' clock. By the clock of Redis, all occurrences are due.
 */

let stack: TestStack;
let now = Date.now;
/** Captures the recorder's rows, because retention removes old rows from the ledger. */
const recorded: Execution[] = [];
beforeAll(async () => {
  stack = await startTestStack();
  stack.change({ immediateHorizonSeconds: 604_800 });
  now = stack.deps.clock.now;
  const { store } = stack.deps;
  const insertBatch = store.insertBatch.bind(store);
  store.insertBatch = async (batch) => {
    recorded.push(...batch.executions);
    await insertBatch(batch);
  };
}, 120_000);
afterEach(async () => {
  stack.deps.clock.now = now;
  // Remove the due occurrences, so that the next test finds only its own.
  await stack.redis.del(`${stack.prefix}{0}:due:0`, `${stack.prefix}{0}:due:c`);
});
afterAll(async () => stack?.stop());

const ms = (iso: string) => Date.parse(`2026-${iso}Z`);
const setClock = (iso: string) => {
  stack.deps.clock.now = () => ms(iso);
};
/** The nominal time of the skipped row: 02:30 by the offset before the gap. */
const GAP = ms("03-29T01:30");
/** 02:30 in Berlin on the day before the gap. */
const BEFORE_GAP = ms("03-28T01:30");
/** 02:30 in Berlin on the day after the gap. */
const AFTER_GAP = ms("03-30T00:30");

async function create(over: object = {}, iso = "03-27T12:00"): Promise<string> {
  setClock(iso);
  const input = {
    ...{ topic: "t", entityType: "user", action: "a", cronExpression: "30 2 * * *", timezone: "Europe/Berlin" },
    ...{ dstGap: "skip", catchUp: { policy: "none" }, ...over },
  };
  const { schedule } = await createSchedule({ ctx: stack.ctx, input: input as never });
  return schedule.scheduleId;
}

/** Runs a change while a recorder runs, because a change that makes a schedule long-term waits for ClickHouse. */
async function whileRecording<T>(run: () => Promise<T>): Promise<T> {
  const recording = keepRecording(stack.deps);
  const result = await run();
  await recording.stop();
  return result;
}

const GRACE_MS = 60_000;
/** So long that no occurrence is late. */
const ENDLESS_GRACE_MS = 1e12;

/** Claims the schedule's next occurrence. With `GRACE_MS`, claims the plan, because the occurrence is late. */
async function claim(scheduleId: string, graceMs = ENDLESS_GRACE_MS): Promise<Claim | PlanClaim> {
  const limits = { workerId: "w", shard: 0, limit: 1, leaseMs: 30_000, catchUpLimit: 1, graceMs };
  const [claimed] = (await stack.deps.hot.claim(limits)).claims;
  if (claimed?.schedule.scheduleId !== scheduleId) throw new Error("the schedule has nothing due");
  return claimed;
}

async function run(claims: Claim[]): Promise<number> {
  const { deps } = stack;
  const nowMs = deps.clock.now();
  return (await runClaims({ deps, breakers: createBreakers(deps), workerId: "w", claims, nowMs })).refused;
}

async function fire(scheduleId: string): Promise<Claim> {
  const one = (await claim(scheduleId)) as Claim;
  await run([one]);
  return one;
}

async function rowsOf(scheduleId: string) {
  const { executions } = await stack.deps.hot.unflushed({ limit: 100_000 });
  const rows = [...recorded, ...executions].filter((row) => row.scheduleId === scheduleId);
  const keys = rows.map((row) => row.key);
  expect(new Set(keys).size, "one outcome for each").toBe(keys.length);
  return rows.sort((a, b) => a.scheduledFor - b.scheduledFor);
}

async function gapsOf(scheduleId: string): Promise<number[]> {
  const gaps = (await rowsOf(scheduleId)).filter((row) => row.reason === "dst_gap");
  for (const row of gaps) expect(row).toMatchObject({ outcome: "skipped", actor: null, attempts: [] });
  return gaps.map((row) => row.scheduledFor);
}

const toggle = (scheduleId: string, enabled: boolean, over: object = {}) =>
  toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled, ...over } });
const patch = (scheduleId: string, change: object) =>
  patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: change } as never });

describe("an occurrence skipped by dst_gap, when the schedule fires", () => {
  test("gets its row with the next occurrence only", async () => {
    const scheduleId = await create();
    setClock("03-28T01:30");
    expect((await fire(scheduleId)).nominalMs).toBe(BEFORE_GAP);
    expect(await gapsOf(scheduleId)).toEqual([]);
    setClock("03-30T00:30");
    expect((await fire(scheduleId)).nominalMs).toBe(AFTER_GAP);
    expect(await gapsOf(scheduleId)).toEqual([GAP]);
    for (let day = 0; day < 3; day += 1) await fire(scheduleId);
    expect(await gapsOf(scheduleId)).toEqual([GAP]);
  });

  test("gets one row despite a retry and a refused settle", async () => {
    const scheduleId = await create({}, "03-28T12:00");
    setClock("03-30T00:30");
    const first = (await claim(scheduleId)) as Claim;
    await stack.deps.hot.settle([{ kind: "retry", claim: first, atMs: 1, attempts: [], tail: null }]);
    expect(await gapsOf(scheduleId)).toEqual([]);
    const again = (await claim(scheduleId)) as Claim;
    expect(again.key).toBe(first.key);
    expect(await run([again])).toBe(0);
    expect(await run([again])).toBe(1);
    expect(await gapsOf(scheduleId)).toEqual([GAP]);
  });

  test("gets its row with the last occurrence if the schedule ends after the gap", async () => {
    const scheduleId = await create({ endAt: "2026-03-29T20:00:00Z" });
    setClock("03-28T01:30");
    await fire(scheduleId);
    expect((await rowsOf(scheduleId)).map((row) => row.scheduledFor)).toEqual([BEFORE_GAP, GAP]);
  });

  const NONE = [
    { what: "the policy first_valid", over: { dstGap: "first_valid" } },
    { what: "the policy shift", over: { dstGap: "shift" } },
    { what: "a job whose time is in no gap", over: { cronExpression: "30 4 * * *" } },
    { what: "a zone without gaps", over: { timezone: "Asia/Kathmandu" } },
    { what: "an interval job", over: { cronExpression: "30 * * * *" } },
  ];
  test.each(NONE)("gets no row with $what", async ({ over }) => {
    const scheduleId = await create(over);
    for (let n = 0; n < 5; n += 1) await fire(scheduleId);
    expect(await gapsOf(scheduleId)).toEqual([]);
  });
});

describe("an occurrence skipped by dst_gap, after an outage", () => {
  test.each(["none", "last", "all"] as const)(
    "gets its row with the missed occurrences under the catch-up policy %s",
    async (policy) => {
      const scheduleId = await create({ catchUp: { policy, windowSeconds: 604_800 } });
      const plan = (await claim(scheduleId, GRACE_MS)) as PlanClaim;
      expect(plan.kind).toBe("plan");
      await catchUp({ deps: stack.deps, claim: plan, nowMs: ms("03-31T12:00") });
      expect(await gapsOf(scheduleId)).toEqual([GAP]);
      const skipped = (await rowsOf(scheduleId)).filter((row) => row.reason === "catch_up_policy");
      expect(skipped).toHaveLength({ none: 3, last: 2, all: 0 }[policy]);
      // Neither the caught-up occurrence nor the next planned one writes the row again.
      setClock("04-01T00:30");
      for (let n = 3 - skipped.length; n >= 0; n -= 1) await fire(scheduleId);
      expect(await gapsOf(scheduleId)).toEqual([GAP]);
    },
  );

  test("gets its row with the next occurrence if the outage ends before that occurrence", async () => {
    const scheduleId = await create();
    const plan = (await claim(scheduleId, GRACE_MS)) as PlanClaim;
    await catchUp({ deps: stack.deps, claim: plan, nowMs: ms("03-29T12:00") });
    expect(await gapsOf(scheduleId)).toEqual([]);
    setClock("03-30T00:30");
    expect((await fire(scheduleId)).nominalMs).toBe(AFTER_GAP);
    expect(await gapsOf(scheduleId)).toEqual([GAP]);
  });
});

describe("an occurrence skipped by dst_gap, at a change", () => {
  /** Changes that end the plan of a schedule. */
  const PLAN_ENDS: { how: string; change: (scheduleId: string) => Promise<unknown> }[] = [
    { how: "a pause", change: (scheduleId) => toggle(scheduleId, false) },
    { how: "a delete", change: (scheduleId) => deleteSchedule({ ctx: stack.ctx, input: { scheduleId } }) },
    { how: "an edit of the cron", change: (scheduleId) => patch(scheduleId, { cronExpression: "0 5 * * *" }) },
    { how: "an edit that disables the schedule", change: (scheduleId) => patch(scheduleId, { enabled: false }) },
  ];
  test.each(PLAN_ENDS)("gets its row with $how after the gap", async ({ change }) => {
    const scheduleId = await create({}, "03-28T12:00");
    setClock("03-29T12:00");
    await whileRecording(() => change(scheduleId));
    expect(await rowsOf(scheduleId)).toMatchObject([{ scheduledFor: GAP, reason: "dst_gap" }]);
  });

  test.each(PLAN_ENDS)("gets no row with $how before the gap", async ({ change }) => {
    const scheduleId = await create({}, "03-28T12:00");
    setClock("03-28T13:00");
    await whileRecording(() => change(scheduleId));
    expect(await rowsOf(scheduleId)).toEqual([]);
  });

  test("gets one row in total from a pause after the gap, a resume and the next run", async () => {
    const scheduleId = await create({}, "03-28T12:00");
    setClock("03-29T12:00");
    await toggle(scheduleId, false);
    setClock("03-29T18:00");
    await toggle(scheduleId, true);
    setClock("03-30T00:30");
    await fire(scheduleId);
    expect((await rowsOf(scheduleId)).map((row) => row.scheduledFor)).toEqual([GAP, AFTER_GAP]);
    expect(await gapsOf(scheduleId)).toEqual([GAP]);
  });

  const PAUSE_ENDS: typeof PLAN_ENDS = [
    {
      how: "a resume that runs no missed occurrence",
      change: (scheduleId) => toggle(scheduleId, true, { missed: "none" }),
    },
    {
      how: "a resume that runs all missed occurrences",
      change: (scheduleId) => toggle(scheduleId, true, { missed: "all" }),
    },
    { how: "a delete", change: (scheduleId) => deleteSchedule({ ctx: stack.ctx, input: { scheduleId } }) },
  ];
  test.each(PAUSE_ENDS)("gets one row from a pause over the gap that ends with $how", async ({ change }) => {
    const scheduleId = await create();
    setClock("03-27T13:00");
    await toggle(scheduleId, false, { note: "INC-1" });
    setClock("03-29T12:00");
    await change(scheduleId);
    expect(await gapsOf(scheduleId)).toEqual([GAP]);
  });

  test("gets its row with the next occurrence after an edit of an unrelated field", async () => {
    const scheduleId = await create({}, "03-28T12:00");
    setClock("03-29T12:00");
    await patch(scheduleId, { description: "changed" });
    expect(await gapsOf(scheduleId)).toEqual([]);
    setClock("03-30T00:30");
    await fire(scheduleId);
    expect(await gapsOf(scheduleId)).toEqual([GAP]);
  });
});

describe("max_runs lowered to the runs already taken", () => {
  test("ends the schedule, and skips overdue occurrences within the old max_runs as schedule_ended", async () => {
    const scheduleId = await create({ maxRuns: 4, cronExpression: "30 4 * * *" }, "03-30T12:00");
    expect((await fire(scheduleId)).nominalMs).toBe(ms("03-31T02:30"));
    setClock("04-05T12:00");
    await whileRecording(() => patch(scheduleId, { maxRuns: 1 }));
    const rows = await rowsOf(scheduleId);
    const ended = rows.filter((row) => row.reason === "schedule_ended").map((row) => row.scheduledFor);
    expect(ended).toEqual(["04-01T02:30", "04-02T02:30", "04-03T02:30"].map(ms));
  });
});
