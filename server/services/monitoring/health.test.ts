import { afterAll, beforeAll, expect, test } from "vitest";
import { getHealth } from "~/server/services/monitoring";
import { startTestStack, type TestStack } from "~/server/testing/stack";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

/** The server's own policy is shared by all tests, so its answer is changed and not the server. */
test("any eviction policy but noeviction is a warning", async () => {
  const { redis } = stack.deps;
  const real = await redis.info("memory");
  expect(real).toContain("maxmemory_policy:noeviction");
  const messages = async () => (await getHealth({ ctx: stack.ctx })).reasons.map((reason) => reason.message).join();
  expect(await messages()).not.toContain("maxmemory-policy");
  const evicting = {
    ...stack.ctx,
    deps: { ...stack.deps, redis: withInfo(real.replace("noeviction", "allkeys-lru")) },
  };
  const { reasons } = await getHealth({ ctx: evicting });
  expect(reasons).toContainEqual(
    expect.objectContaining({ service: "redis", severity: "warning", message: expect.stringContaining("allkeys-lru") }),
  );
});

function withInfo(text: string) {
  return new Proxy(stack.deps.redis, {
    get: (target, name) => (name === "info" ? async () => text : Reflect.get(target, name).bind?.(target)),
  });
}
