import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newSchedule } from "~/server/domain/new-schedule";
import { ADMIN, accessRedis } from "~/server/testing/access-deps";
import { getLeases } from "./leases";
import { storeHeartbeat } from "./workers";

let redis: Awaited<ReturnType<typeof accessRedis>>;
beforeAll(async () => {
  redis = await accessRedis();
});
afterAll(() => redis.close());

it("getLeases sorts workers by their first lease to end, and names its schedule, even if the lease is for a late plan", async () => {
  const { deps, ctx } = redis.stack();
  expect(await getLeases({ ctx: ctx(ADMIN) })).toEqual({ items: [], isComplete: true });
  const nowMs = deps.clock.now();
  const at = new Date(nowMs).toISOString();
  await storeHeartbeat(deps, {
    ...{ workerId: "w-1", host: "h", pid: 1, version: "0.1.0", startedAt: at, seenAt: at },
    ...{ clockSkewMs: 0, inFlight: 0, firedTotal: 0, url: "", loops: [] },
  });
  const put = async (more: { executionTime: number } | { cronExpression: string }, dueMs: number) => {
    const schedule = newSchedule({
      ...{ scheduleId: randomUUID(), nowMs, topic: "t", entityType: "user", action: "remind", payload: "{}" },
      ...{ state: { tier: "redis", nextExecution: dueMs } as const, ...more },
    });
    const placement = { tier: "redis", plan: [{ nominalMs: dueMs, effectiveMs: dueMs }] } as const;
    await deps.hot.put({ schedule, placement: { ...placement, plan: [...placement.plan] }, expectedVersion: null });
    return schedule.scheduleId;
  };
  const claim = (workerId: string, leaseMs: number) =>
    deps.hot.claim({ shard: 0, workerId, limit: 10, catchUpLimit: 10, leaseMs, graceMs: 60_000 });

  const once = await put({ executionTime: nowMs - 1000 }, nowMs - 1000);
  await claim("w-1", 30_000);
  const late = await put({ cronExpression: "0 * * * *" }, nowMs - 600_000);
  const { claims } = await claim("w-dead", 20_000);
  expect(claims.map(({ kind }) => kind)).toEqual(["plan"]);

  const { items } = await getLeases({ ctx: ctx(ADMIN) });
  expect(items).toMatchObject([
    { workerId: "w-dead", alive: false, leases: 1, firstScheduleId: late },
    { workerId: "w-1", alive: true, leases: 1, firstScheduleId: once },
  ]);
  expect(Date.parse(items[1]?.firstEndsAt ?? "")).toBeGreaterThanOrEqual(nowMs + 29_000);
});

it("getLeases is refused without a signed-in caller", async () => {
  const { ctx } = redis.stack();
  await expect(getLeases({ ctx: ctx(null) })).rejects.toMatchObject({ code: "unauthenticated" });
});
