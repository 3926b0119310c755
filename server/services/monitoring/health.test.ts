import { afterAll, beforeAll, expect, test } from "vitest";
import { createSharedState } from "~/server/adapters/redis/shared-state/shared-state";
import { freshTier, openSingleRedis, type TestRedis } from "~/server/adapters/redis/testing/hot-tier-fixture";
import { newLeaseToken } from "~/server/lease-token";
import type { SharedState } from "~/server/ports/shared-state/shared-state";
import { getHealth } from "~/server/services/monitoring";
import { createSchedule } from "~/server/services/schedules";
import { startTestStack, type TestStack } from "~/server/testing/stack";

let stack: TestStack;
let unsafeRedis: TestRedis;
beforeAll(async () => {
  stack = await startTestStack();
  unsafeRedis = await openSingleRedis(["--maxmemory-policy", "allkeys-lru"]);
}, 120_000);
afterAll(async () => {
  await unsafeRedis?.stop();
  await stack?.stop();
});

/** The ports of a Redis that evicts keys and, at first, has no append-only file. */
function inUnsafeRedis(): SharedState & Pick<TestStack["deps"], "hot"> {
  const { redis } = unsafeRedis;
  return { ...createSharedState({ redis, prefix: stack.prefix, newHolder: newLeaseToken }), hot: freshTier(redis).hot };
}

test("an eviction policy other than noeviction is a warning", async () => {
  const reasonsOf = async (deps: TestStack["deps"]) => (await getHealth({ ctx: { ...stack.ctx, deps } })).reasons;
  const warning = {
    code: "redis_evicts",
    service: "redis",
    severity: "warning",
    message: expect.stringContaining("allkeys-lru"),
  };
  expect(await reasonsOf(stack.deps)).not.toContainEqual(warning);
  expect(await reasonsOf({ ...stack.deps, ...inUnsafeRedis() })).toContainEqual(warning);
});

test("a Redis without persistence is a warning, and a create reports that it is stored in memory only", async () => {
  const messages = async (deps: TestStack["deps"]) =>
    (await getHealth({ ctx: { ...stack.ctx, deps } })).reasons.map(({ message }) => message).join();
  const volatile = { ...stack.deps, ...inUnsafeRedis() };
  expect(await messages(volatile)).toContain("Set appendonly to yes");
  const input = {
    topic: "t",
    entityType: "x",
    action: "y",
    executionTime: new Date(Date.now() + 600_000).toISOString(),
  };
  const create = (deps: TestStack["deps"]) => createSchedule({ ctx: { ...stack.ctx, deps }, input });
  expect((await create(volatile)).durable).toBe("memory");
  await unsafeRedis.redis.config("SET", "appendonly", "yes");
  const durable = { ...stack.deps, ...inUnsafeRedis() };
  expect((await create(durable)).durable).toBe("redis");
  expect(await messages(durable)).not.toContain("appendonly");
});
