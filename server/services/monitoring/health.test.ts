import { afterAll, beforeAll, expect, test } from "vitest";
import { freshTier, openSingleRedis, type TestRedis } from "~/server/adapters/redis/hot-tier-fixture";
import { getHealth } from "~/server/services/monitoring";
import { createSchedule } from "~/server/services/schedules";
import { startTestStack, type TestStack } from "~/server/testing/stack";

let stack: TestStack;
let evicting: TestRedis;
beforeAll(async () => {
  stack = await startTestStack();
  evicting = await openSingleRedis(["--maxmemory-policy", "allkeys-lru"]);
}, 120_000);
afterAll(async () => {
  await evicting?.stop();
  await stack?.stop();
});

test("any eviction policy but noeviction is a warning", async () => {
  const reasonsOf = async (deps: TestStack["deps"]) => (await getHealth({ ctx: { ...stack.ctx, deps } })).reasons;
  const warning = { service: "redis", severity: "warning", message: expect.stringContaining("allkeys-lru") };
  expect(await reasonsOf(stack.deps)).not.toContainEqual(warning);
  const deps = { ...stack.deps, redis: evicting.redis, hot: freshTier(evicting.redis).hot };
  expect(await reasonsOf(deps)).toContainEqual(warning);
});

test("a Redis that keeps nothing on disk is a warning, and a create through it says so", async () => {
  const messages = async (deps: TestStack["deps"]) =>
    (await getHealth({ ctx: { ...stack.ctx, deps } })).reasons.map(({ message }) => message).join();
  const { hot } = freshTier(evicting.redis);
  expect(await messages({ ...stack.deps, redis: evicting.redis, hot })).toContain("Set appendonly to yes");
  const input = {
    topic: "t",
    entityType: "x",
    action: "y",
    executionTime: new Date(Date.now() + 600_000).toISOString(),
  };
  const create = (deps: TestStack["deps"]) => createSchedule({ ctx: { ...stack.ctx, deps }, input });
  expect((await create({ ...stack.deps, redis: evicting.redis, hot })).durable).toBe("memory");
  await evicting.redis.config("SET", "appendonly", "yes");
  const durable = { ...stack.deps, redis: evicting.redis, hot: freshTier(evicting.redis).hot };
  expect((await create(durable)).durable).toBe("redis");
  expect(await messages(durable)).not.toContain("appendonly");
});
