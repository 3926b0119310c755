import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRedis } from "../connection/client";
import { createSharedKeys } from "../keys";
import { openSingleRedis, openTestRedis, type TestRedis } from "../testing/hot-tier-fixture";
import { createLocks } from "./locks";

const keys = createSharedKeys(`test-${randomUUID()}:`);
let server: TestRedis;
beforeAll(async () => {
  server = await openTestRedis();
}, 120_000);
afterAll(async () => server?.stop());

test("a lock has one holder at a time, who can renew and release it", async () => {
  const locks = createLocks({ redis: server.redis, keys, newHolder: randomUUID });
  const [mine, other] = [locks("x", 60_000), locks("x", 60_000)];
  expect([await mine.hold(), await other.hold()]).toEqual([true, false]);
  expect(await mine.hold()).toBe(true);
  await other.release();
  expect(await other.hold()).toBe(false);
  await mine.release();
  expect(await other.hold()).toBe(true);
});

test("a lock that cannot be requested throws instead of being granted (xxl-job #2806: a missing lock row disables locking)", async () => {
  const gone = createRedis({ url: "redis://127.0.0.1:1" });
  await expect(createLocks({ redis: gone, keys, newHolder: randomUUID })("x", 60_000).hold()).rejects.toThrow();
  gone.disconnect();
});

test("a full Redis still grants locks, so that the outbox can be recorded", async () => {
  const { redis, stop } = await openSingleRedis(["--maxmemory", "1", "--maxmemory-policy", "noeviction"]);
  await expect(redis.set("a", "b")).rejects.toThrow("OOM");
  const lock = createLocks({ redis, keys, newHolder: randomUUID })("x", 60_000);
  expect([await lock.hold(), await lock.hold()]).toEqual([true, true]);
  await stop();
});
