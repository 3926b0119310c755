import { afterAll, beforeAll, expect, test } from "vitest";
import { createRedis } from "~/server/adapters/redis/client";
import { openSingleRedis } from "~/server/adapters/redis/hot-tier-fixture";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { createLocks } from "./lock";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

test("a lock is one holder's at a time, kept by asking again, and free after its release", async () => {
  const [mine, other] = [createLocks(stack.deps.redis, stack.prefix), createLocks(stack.deps.redis, stack.prefix)];
  expect([await mine("x", 60_000).hold(), await other("x", 60_000).hold()]).toEqual([true, false]);
  expect(await mine("x", 60_000).hold()).toBe(true);
  await mine("x", 60_000).release();
  expect(await other("x", 60_000).hold()).toBe(true);
});

test("a lock that cannot be asked for is an error, never ours (xxl-job #2806: a missing lock row disables locking)", async () => {
  const gone = createRedis({ url: "redis://127.0.0.1:1" });
  await expect(createLocks(gone, stack.prefix)("x", 60_000).hold()).rejects.toThrow();
  gone.disconnect();
});

test("a full Redis still gives its locks away, so that its outbox is written out", async () => {
  const { redis, stop } = await openSingleRedis(["--maxmemory", "1", "--maxmemory-policy", "noeviction"]);
  await expect(redis.set("a", "b")).rejects.toThrow("OOM");
  const lock = createLocks(redis, "full:")("x", 60_000);
  expect([await lock.hold(), await lock.hold()]).toEqual([true, true]);
  await stop();
});
