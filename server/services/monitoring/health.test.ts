import { afterAll, beforeAll, expect, test } from "vitest";
import { freshTier, openSingleRedis, type TestRedis } from "~/server/adapters/redis/hot-tier-fixture";
import { getHealth } from "~/server/services/monitoring";
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
