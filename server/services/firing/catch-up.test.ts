import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PlanClaim } from "~/server/ports/hot/claims";
import { createSchedule, getSchedule } from "~/server/services/schedules";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { catchUp } from "./catch-up";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const MINUTE = 60_000;

test("the missed occurrences of a schedule that never fired begin at the last change of its times, not at the epoch (cadence #8267)", async () => {
  const { deps, ctx } = stack;
  const input = { topic: "t", entityType: "user", action: "a", payload: {}, cronExpression: "* * * * *" };
  const { schedule } = await createSchedule({ ctx, input: input as never });
  const [row] = await deps.hot.getMany([schedule.scheduleId]);
  if (!row) throw new Error("the schedule is not in Redis");
  // The state after ten minutes without a worker: the plan is missing, and no occurrence was claimed.
  const changedAt = Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE;
  const old = {
    ...row,
    scheduleId: randomUUID(),
    plannedSince: changedAt,
    catchUp: { ...row.catchUp, policy: "none" as const },
  };
  await deps.hot.put({ schedule: old, placement: { tier: "redis", plan: [] }, expectedVersion: null });
  const limits = { workerId: "w", shard: 0, limit: 10, leaseMs: 30_000, catchUpLimit: 10, graceMs: MINUTE };
  const { claims, nowMs } = await deps.hot.claim(limits);
  const claim = claims.find((one) => one.kind === "plan" && one.schedule.scheduleId === old.scheduleId) as PlanClaim;
  expect(claim).toMatchObject({ plan: [], lastNominalMs: null });
  await catchUp({ deps, claim, nowMs });
  const { executions } = await deps.hot.unflushed({ limit: 1000 });
  const times = executions.filter((one) => one.scheduleId === old.scheduleId).map((one) => one.scheduledFor);
  expect(Math.min(...times)).toBe(changedAt + MINUTE);
  expect(times.length).toBeGreaterThanOrEqual(10);
  const next = (await getSchedule({ ctx, input: { scheduleId: old.scheduleId } })).nextExecution;
  expect(Date.parse(next ?? "")).toBeGreaterThan(nowMs);
});

test("a catch-up does not exceed max_runs, and its last run completes the schedule", async () => {
  const { deps, ctx } = stack;
  const input = { topic: "t", entityType: "user", action: "a", payload: {}, cronExpression: "* * * * *" };
  const { schedule } = await createSchedule({ ctx, input: input as never });
  const [row] = await deps.hot.getMany([schedule.scheduleId]);
  if (!row) throw new Error("the schedule is not in Redis");
  const scheduleId = randomUUID();
  const plannedSince = Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE;
  const catchUpPolicy = { ...row.catchUp, policy: "all" as const };
  const state = { ...row.state, runsTaken: 2 };
  const old = { ...row, scheduleId, plannedSince, maxRuns: 5, catchUp: catchUpPolicy, state };
  await deps.hot.put({ schedule: old, placement: { tier: "redis", plan: [] }, expectedVersion: null });
  const limits = { workerId: "w", shard: 0, limit: 10, leaseMs: 30_000, catchUpLimit: 10, graceMs: MINUTE };
  const { claims, nowMs } = await deps.hot.claim(limits);
  const claim = claims.find((one) => one.kind === "plan" && one.schedule.scheduleId === scheduleId) as PlanClaim;
  expect(await catchUp({ deps, claim, nowMs })).toMatchObject({ run: 3 });
  const caughtUp = (await deps.hot.listInstances({ limit: 100 })).filter(
    (one) => one.schedule.scheduleId === scheduleId,
  );
  expect(caughtUp.map((one) => one.nominalMs).sort()).toEqual([1, 2, 3].map((n) => plannedSince + n * MINUTE));
  const { schedules } = await deps.hot.unflushed({ limit: 1000 });
  expect(schedules.find((one) => one.scheduleId === scheduleId)?.state).toMatchObject({
    completed: true,
    nextExecution: null,
  });
});
