import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PlanClaim } from "~/server/adapters/redis/hot-tier-types";
import { createSchedule, getSchedule } from "~/server/services/schedules";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { catchUp } from "./catch-up";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const MINUTE = 60_000;

test("what a schedule missed that never fired counts from its last change, never from the epoch (cadence #8267)", async () => {
  const { deps, ctx } = stack;
  const input = { topic: "t", entityType: "user", action: "a", payload: {}, cronExpression: "* * * * *" };
  const { schedule } = await createSchedule({ ctx, input: input as never });
  const [row] = await deps.hot.getMany([schedule.scheduleId]);
  if (!row) throw new Error("it is in Redis");
  // As it would stand after ten minutes without a worker, and without a plan.
  const updatedAt = Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE;
  const old = { ...row, scheduleId: randomUUID(), updatedAt, catchUp: { ...row.catchUp, policy: "none" as const } };
  await deps.hot.put({ schedule: old, placement: { tier: "redis", plan: [] }, expectedVersion: null });
  const given = { workerId: "w", shard: 0, limit: 10, leaseMs: 30_000, catchUpLimit: 10, graceMs: MINUTE };
  const { claims, nowMs } = await deps.hot.claim(given);
  const claim = claims.find((one) => one.kind === "plan" && one.schedule.scheduleId === old.scheduleId) as PlanClaim;
  expect(claim).toMatchObject({ plan: [], lastNominalMs: null });
  await catchUp({ deps, claim, nowMs });
  const { executions } = await deps.hot.unflushed({ limit: 1000 });
  const times = executions.filter((one) => one.scheduleId === old.scheduleId).map((one) => one.scheduledFor);
  expect(Math.min(...times)).toBe(updatedAt + MINUTE);
  expect(times.length).toBeGreaterThanOrEqual(10);
  const next = (await getSchedule({ ctx, input: { scheduleId: old.scheduleId } })).nextExecution;
  expect(Date.parse(next ?? "")).toBeGreaterThan(nowMs);
});
