import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newLeaseToken } from "~/server/lease-token";
import { markFilled } from "~/server/testing/mark-filled";
import { type RunningCluster, startRedisCluster } from "~/server/testing/redis-cluster";
import { createHotTier } from "./hot-tier";
import { claimOccurrences, create, done, oneTime, readOutbox, useCluster } from "./testing/hot-tier-fixture";

/* Runs some suites on three masters, where a script with keys in two slots is refused. */
let running: RunningCluster;
beforeAll(async () => {
  running = await startRedisCluster();
  useCluster(running.cluster);
});
afterAll(() => running.stop());

// Imported here, so that the hooks above run before the hooks of the suites.
await import("./answers.test");
await import("./one-time.test");
await import("./recurring.test");
await import("./outbox.test");
await import("./model.test");
await import("./shared-state/locks.test");

it("a hot tier on a cluster spreads its shards over all masters, fires on each, and wakes sleeping workers", async () => {
  const prefix = `test-${randomUUID()}:`;
  const shards = 16;
  const hot = createHotTier({ newLeaseToken, redis: running.cluster, prefix, shards });
  let woken = 0;
  const stopListening = await hot.onWake(() => {
    woken += 1;
  });
  const now = await hot.now();
  const schedules = Array.from({ length: 200 }, () => oneTime(now - 1));
  const results = await hot.putMany(schedules.map((schedule) => create(schedule)));
  expect(results.filter((result) => result.status !== "stored")).toEqual([]);
  const keysOnEach = await Promise.all(
    running.cluster.nodes("master").map(async (node) => (await node.keys(`${prefix}*:sched`)).length),
  );
  expect(keysOnEach.length).toBe(3);
  expect(Math.min(...keysOnEach)).toBeGreaterThan(0);
  expect((await hot.stats()).pending).toBe(200);

  const fired = new Set<string>();
  for (let shard = 0; shard < shards; shard += 1) {
    const claims = await claimOccurrences(hot, { shard, limit: 200 });
    expect(await hot.settle(claims.map((claim) => done(claim)))).toEqual(claims.map(() => "settled"));
    for (const claim of claims) fired.add(claim.schedule.scheduleId);
  }
  expect(fired).toEqual(new Set(schedules.map((schedule) => schedule.scheduleId)));
  let recorded = 0;
  for (let shard = 0; shard < shards; shard += 1) recorded += (await readOutbox(hot, { shard })).executions.length;
  expect(recorded).toBe(200);
  // Each shard has its own epoch.
  expect(await hot.epoch()).toBeNull();
  await markFilled(hot, "one");
  expect(await hot.epoch()).toBe("one");
  expect(woken).toBeGreaterThan(0);
  await stopListening();
});
