import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { occurrenceKey } from "~/server/domain/ids";
import { overdueExecutions } from "~/server/domain/ledger";
import {
  createSchedule,
  deleteSchedule,
  listSchedules,
  patchSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";

/* No worker runs, so due occurrences stay unclaimed unless a test claims them. */

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const everySecond = { topic: "t", entityType: "user", action: "remind", payload: {}, cronExpression: "* * * * * *" };

/** Creates a schedule that fires every second, and waits until three occurrences are due. */
async function createOverdue() {
  const { schedule } = await createSchedule({ ctx: stack.ctx, input: everySecond as never });
  const firstMs = Date.parse(schedule.nextExecution as string);
  await eventually(async () => (Date.now() > firstMs + 2050 ? true : null), { what: "three are due" });
  return { scheduleId: schedule.scheduleId, firstMs };
}

async function rowsOf(scheduleId: string) {
  const { executions } = await stack.deps.hot.unflushed({ limit: 1000 });
  return executions.filter((row) => row.scheduleId === scheduleId).sort((a, b) => a.scheduledFor - b.scheduledFor);
}

const claim = () =>
  stack.deps.hot.claim({ workerId: "w", shard: 0, limit: 1, leaseMs: 30_000, catchUpLimit: 0, graceMs: 60_000 });

describe("overdue occurrences when a change discards the plan", () => {
  const CHANGES = [
    {
      how: "a pause",
      apply: (scheduleId: string) => toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false } }),
      expected: { outcome: "skipped", reason: "paused", actor: "system" },
    },
    {
      how: "an edit of its times",
      apply: (scheduleId: string) =>
        patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: { cronExpression: "0 0 * * *" } } as never }),
      expected: { outcome: "skipped", reason: "superseded_by_edit", actor: "system" },
    },
    {
      how: "a delete",
      apply: (scheduleId: string) => deleteSchedule({ ctx: stack.ctx, input: { scheduleId } }),
      expected: { outcome: "cancelled", reason: "deleted", actor: "system" },
    },
  ];

  test.each(CHANGES)("get ledger rows after $how, and can no longer be claimed", async ({ apply, expected }) => {
    const { scheduleId, firstMs } = await createOverdue();
    await apply(scheduleId);
    const rows = await rowsOf(scheduleId);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(rows.map((row) => row.scheduledFor)).toEqual(rows.map((_, i) => firstMs + 1000 * i));
    for (const row of rows) expect(row).toMatchObject(expected);
    expect((await claim()).claims).toEqual([]);
  });

  test("get no row if they were claimed between the read and the change", async () => {
    const { scheduleId, firstMs } = await createOverdue();
    const [current] = await stack.deps.hot.getMany([scheduleId]);
    if (!current) throw new Error("expected the schedule in Redis");
    const { claims } = await claim();
    expect(claims).toMatchObject([{ nominalMs: firstMs }]);
    const nowMs = Date.now();
    const rows = overdueExecutions({ schedule: current, nowMs, outcome: "skipped", reason: "paused", actor: "me" });
    expect(rows[0]?.scheduledFor).toBe(firstMs);
    const paused = { ...current, enabled: false, version: 2, state: { ...current.state, revision: 99 } };
    const placement = { tier: "clickhouse", nextExecution: null } as const;
    await stack.deps.hot.put({ schedule: paused, placement, expectedVersion: 1, executions: rows });
    expect((await rowsOf(scheduleId)).map((row) => row.scheduledFor)).toEqual(
      rows.slice(1).map((row) => row.scheduledFor),
    );
  });

  test("are not run again by a resume if they were claimed before the pause", async () => {
    const { scheduleId } = await createOverdue();
    const { claims } = await claim();
    const claimed = (claims[0] as { nominalMs: number }).nominalMs;
    const [current] = await stack.deps.hot.getMany([scheduleId]);
    if (!current) throw new Error("expected the schedule in Redis");
    const paused = { ...current, enabled: false, version: 2, state: { ...current.state, revision: 90 } };
    const placement = { tier: "clickhouse", nextExecution: null } as const;
    await stack.deps.hot.put({ schedule: paused, placement, expectedVersion: 1 });
    // With a slow clock in the pausing process, the claimed occurrence counts as missed.
    const instances = [claimed, claimed + 1000].map((nominalMs) => ({
      key: occurrenceKey(scheduleId, nominalMs),
      nominalMs,
      effectiveMs: nominalMs,
      trigger: "catch_up" as const,
      actor: "me",
      lane: "c" as const,
    }));
    const resumed = { ...paused, enabled: true, version: 3, state: { ...paused.state, revision: 91 } };
    await stack.deps.hot.put({ schedule: resumed, placement, expectedVersion: 2, instances });
    const caughtUp = (await stack.deps.hot.listInstances({ limit: 100 })).filter((one) => one.trigger === "catch_up");
    expect(caughtUp.map((one) => one.nominalMs)).toEqual([claimed + 1000]);
  });
});

test("the occurrence of a one-time schedule that is deleted before its time is cancelled, with the actor", async () => {
  const executionTime = new Date(Date.now() + 3_600_000).toISOString();
  const input = { ...everySecond, cronExpression: undefined, executionTime };
  const { schedule } = await createSchedule({ ctx: stack.ctx, input: input as never });
  await deleteSchedule({ ctx: stack.ctx, input: { scheduleId: schedule.scheduleId } });
  expect(await rowsOf(schedule.scheduleId)).toMatchObject([
    { outcome: "cancelled", reason: "deleted", actor: "system", scheduledFor: Date.parse(executionTime) },
  ]);
});

test("a list shows the time after a claimed occurrence, because that occurrence is no longer overdue", async () => {
  const { schedule } = await createSchedule({ ctx: stack.ctx, input: { ...everySecond, topic: "claimed" } as never });
  const firstMs = Date.parse(schedule.nextExecution as string);
  await recordAll(stack.deps, 0);
  await eventually(async () => (Date.now() > firstMs + 50 ? true : null), { what: "the first is due" });
  let claimedMs = 0;
  await eventually(
    async () => {
      for (const one of (await claim()).claims)
        if (one.kind === "occurrence" && one.schedule.scheduleId === schedule.scheduleId) claimedMs = one.nominalMs;
      return claimedMs > 0 ? true : null;
    },
    { what: "the claim of this schedule" },
  );
  const { items } = await listSchedules({
    ctx: stack.ctx,
    input: { topic: ["claimed"], sort: "-created_at", limit: 10 } as never,
  });
  expect(items.map(({ nextExecution }) => Date.parse(nextExecution as string) > claimedMs)).toEqual([true]);
});
