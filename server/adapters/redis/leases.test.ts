import { afterAll, beforeAll, expect, it } from "vitest";
import { selfTestIds } from "~/server/domain/self-test";
import {
  claimAll,
  claimOccurrences,
  create,
  freshTier,
  oneTime,
  openTestRedis,
  type TestRedis,
} from "./testing/hot-tier-fixture";

let server: TestRedis;
beforeAll(async () => {
  server = await openTestRedis();
});
afterAll(() => server.stop());

it("counts the leases of each worker over all shards, and returns the lease that ends first", async () => {
  const { hot } = freshTier(server.redis, 3);
  expect(await hot.leaseHolders()).toEqual({ holders: [], isComplete: true });
  const now = await hot.now();
  const claimed = async (workerId: string, count: number, leaseMs: number) => {
    await hot.putMany(Array.from({ length: count }, () => create(oneTime(now - 5000))));
    const claims = (
      await Promise.all([0, 1, 2].map((shard) => claimOccurrences(hot, { workerId, leaseMs, shard })))
    ).flat();
    expect(claims).toHaveLength(count);
    return claims;
  };
  // The name of a worker may have dots.
  const first = await claimed("host.example.org-1", 12, 60_000);
  const [urgent] = await claimed("w2", 1, 20_000);
  if (urgent === undefined) throw new Error("nothing was claimed");
  const { holders, isComplete } = await hot.leaseHolders();
  expect(isComplete).toBe(true);
  expect(holders.map(({ workerId, leases }) => [workerId, leases])).toEqual([
    ["w2", 1],
    ["host.example.org-1", 12],
  ]);
  expect(holders[0]?.first.key).toBe(urgent.key);
  expect(holders[0]?.first.endsMs).toBeGreaterThanOrEqual(now + 20_000);
  expect(first.map(({ key }) => key)).toContain(holders[1]?.first.key);
  await hot.settle([{ kind: "retry", claim: urgent, atMs: now + 60_000, attempts: [], tail: null }]);
  expect((await hot.leaseHolders()).holders.map(({ workerId }) => workerId)).toEqual(["host.example.org-1"]);
});

it("does not count the lease of the self-test", async () => {
  const { hot } = freshTier(server.redis);
  const [scheduleId = ""] = selfTestIds(1, (id) => hot.shardOf(id));
  const now = await hot.now();
  await hot.putMany([create(oneTime(now - 5000, { scheduleId })), create(oneTime(now - 5000))]);
  expect(await claimAll(hot, { workerId: "w1" })).toHaveLength(2);
  expect((await hot.leaseHolders()).holders).toMatchObject([{ workerId: "w1", leases: 1 }]);
});
