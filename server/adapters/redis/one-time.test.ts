import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { selfTestIds, selfTestSchedule } from "~/server/domain/self-test";
import type { Claim } from "~/server/ports/hot/claims";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import { markFilled } from "~/server/testing/mark-filled";
import {
  claimAll,
  claimOccurrences,
  claimOne,
  create,
  done,
  edited,
  FIRED_MS,
  freshTier,
  oneTime,
  openTestRedis,
  planOf,
  readOutbox,
  recurring,
  removed,
  type TestRedis,
} from "./testing/hot-tier-fixture";

let server: TestRedis;
let hot: HotTier;
let prefix: string;
let now: number;

beforeAll(async () => {
  server = await openTestRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  ({ hot, prefix } = freshTier(server.redis));
  now = await hot.now();
});

const HOUR = 3_600_000;

it("stores a schedule that is due soon, and reads it unchanged", async () => {
  const schedule = oneTime(now + HOUR, { name: "reminder", tags: ["a", "b"], headers: { x: "1" }, priority: 4 });
  const result = await hot.put(create(schedule));
  expect(result).toMatchObject({ status: "stored", schedule });
  expect(await hot.getMany([schedule.scheduleId, "none"])).toEqual([schedule, null]);
  expect((await readOutbox(hot)).schedules).toEqual([schedule]);
});

it("returns exists for a second create of the same id, also in the same call", async () => {
  const schedule = oneTime(now + HOUR);
  const results = await hot.putMany([create(schedule), create({ ...schedule, payload: '{"other":1}' })]);
  expect(results.map((one) => one.status)).toEqual(["stored", "exists"]);
  expect((await hot.put(create(schedule))).status).toBe("exists");
  expect((await hot.getMany([schedule.scheduleId]))[0]?.payload).toBe(schedule.payload);
});

it("returns results in the order of the input over several shards", async () => {
  const tier = freshTier(server.redis, 7).hot;
  const schedules = Array.from({ length: 1200 }, (_, i) => oneTime(now + HOUR, { payload: `{"i":${i}}` }));
  const results = await tier.putMany(schedules.map((one) => create(one)));
  expect(results.map((one) => (one.status === "stored" ? one.schedule.payload : one.status))).toEqual(
    schedules.map((one) => one.payload),
  );
  expect(await tier.getMany(schedules.map((one) => one.scheduleId))).toEqual(schedules);
  const bare = await tier.getMany(
    schedules.map((one) => one.scheduleId),
    { bare: true },
  );
  expect(bare).toEqual(schedules.map((one) => ({ ...one, payload: "" })));
  expect((await tier.stats()).pending).toBe(1200);
});

it("accepts an edit of the current version, and answers an edit of another version with the current version number", async () => {
  const schedule = oneTime(now + HOUR);
  await hot.put(create(schedule));
  const second = edited(schedule, { executionTime: now - 1000, payload: '{"v":2}', priority: 7 });
  const edit = { ...create(second), expectedVersion: 1 };
  expect(await hot.put(edit)).toMatchObject({ status: "stored", schedule: { version: 2, state: { revision: 2 } } });
  expect(await hot.put(edit)).toEqual({ status: "stale", currentVersion: 2 });
  const claim = await claimOne(hot);
  expect(claim).toMatchObject({ nominalMs: now - 1000, schedule: { payload: '{"v":2}', priority: 7 } });
  expect((await hot.stats()).pending).toBe(0);
});

it.each([
  ["a pause", (row: ReturnType<typeof oneTime>) => ({ ...row, enabled: false, pausedBy: "ann" })],
  ["a delete", (row: ReturnType<typeof oneTime>) => ({ ...row, state: { ...row.state, deleted: true } })],
])("removes a schedule from its lane at %s and leaves a fence", async (_, change) => {
  const schedule = oneTime(now - 1000);
  await hot.put(create(schedule));
  const row = change(edited(schedule, {}));
  await hot.put({ schedule: row, placement: { tier: "clickhouse", nextExecution: null }, expectedVersion: 1 });
  expect(await claimAll(hot)).toEqual([]);
  expect(await hot.getMany([schedule.scheduleId])).toEqual([null]);
  const deleted = row.state.deleted;
  expect(await hot.fences([schedule.scheduleId])).toEqual([{ revision: 2, version: 2, deleted }]);
  const again = await hot.put({ ...create(edited(row, {})), expectedVersion: 1 });
  expect(again).toEqual(deleted ? { status: "deleted" } : { status: "stale", currentVersion: 2 });
});

it("continues from the fence's revision when a paused schedule is resumed", async () => {
  const schedule = oneTime(now + HOUR);
  await hot.put(create(schedule));
  const paused = edited(schedule, { enabled: false });
  await hot.put({ schedule: paused, placement: { tier: "clickhouse", nextExecution: null }, expectedVersion: 1 });
  // The caller read an older row, so its revision alone would be lower.
  const resumed = { ...edited(paused, { enabled: true }), state: { ...schedule.state, revision: 1 } };
  const result = await hot.put({ ...create(resumed), expectedVersion: 2 });
  expect(result).toMatchObject({ status: "stored", schedule: { version: 3, state: { revision: 3 } } });
  expect(await hot.fences([schedule.scheduleId])).toEqual([null]);
});

it("refuses an edit of a schedule in flight, and accepts a delete, after which the retry is claimed as deleted", async () => {
  const schedule = oneTime(now - 1000);
  await hot.put(create(schedule));
  const claim = await claimOne(hot);
  const edit = { ...create(edited(schedule, { executionTime: now + HOUR })), expectedVersion: 1 };
  expect(await hot.put(edit)).toEqual({ status: "in_flight" });
  expect(await hot.put({ ...edit, expectedVersion: 9 })).toEqual({ status: "stale", currentVersion: 1 });
  expect((await hot.put(create(schedule))).status).toBe("exists");
  await hot.settle([{ kind: "retry", claim, atMs: now + HOUR, attempts: [], tail: null }]);
  expect(await hot.put(edit)).toEqual({ status: "in_flight" });

  expect((await hot.put(removed(schedule))).status).toBe("stored");
  expect(await hot.put(removed(schedule))).toEqual({ status: "deleted" });
  const retry = await claimOne(hot);
  expect(retry).toMatchObject({ key: claim.key, deleted: true });
  await hot.settle([done(retry, { outcome: "cancelled", firedAt: null, actor: "ann" })]);
  const { schedules, executions } = await readOutbox(hot);
  expect(executions).toMatchObject([{ key: claim.key, outcome: "cancelled", actor: "ann" }]);
  expect(schedules).toMatchObject([{ state: { deleted: true, revision: 3, executionCount: 0 } }]);
  expect(await claimAll(hot)).toEqual([]);
});

it("keeps a schedule deleted if its occurrence is published after the delete", async () => {
  const schedule = oneTime(now - 1000);
  await hot.put(create(schedule));
  const claim = await claimOne(hot);
  await hot.put(removed(schedule));
  expect(await hot.settle([done(claim)])).toEqual(["settled"]);
  const { schedules } = await readOutbox(hot);
  expect(schedules).toMatchObject([{ state: { deleted: true, completed: true, revision: 3, executionCount: 1 } }]);
});

it("claims by priority, then by time, and at most as many as the limit", async () => {
  const times: [priority: number, ms: number][] = [
    [0, 5000],
    [9, 1000],
    [0, 9000],
    [3, 2000],
    [9, 4000],
  ];
  await hot.putMany(
    times.map(([priority, ms]) => create(oneTime(now - ms, { priority, payload: `"${priority}/${ms}"` }))),
  );
  const first = await claimOccurrences(hot, { limit: 3 });
  const second = await claimOccurrences(hot, { limit: 3 });
  expect(first.map((one) => one.schedule.payload)).toEqual(['"9/4000"', '"9/1000"', '"3/2000"']);
  expect(second.map((one) => one.schedule.payload)).toEqual(['"0/9000"', '"0/5000"']);
});

it("returns the next due time, and claims nothing before it", async () => {
  await hot.putMany([create(oneTime(now + HOUR)), create(oneTime(now + 2 * HOUR, { priority: 9 }))]);
  const input = { workerId: "w", limit: 10, leaseMs: 1000, catchUpLimit: 10, graceMs: 1000, shard: 0 };
  expect(await hot.claim(input)).toMatchObject({ claims: [], nextDueMs: now + HOUR });
  expect(await freshTier(server.redis).hot.claim(input)).toMatchObject({ claims: [], nextDueMs: null });
});

it("never hands one occurrence to two workers", async () => {
  await hot.putMany(Array.from({ length: 900 }, () => create(oneTime(now - 1000))));
  const taken = await Promise.all(
    Array.from({ length: 12 }, (_, i) => claimOccurrences(hot, { workerId: `w${i}`, limit: 100 })),
  );
  const keys = taken.flat().map((one) => one.key);
  expect(keys).toHaveLength(900);
  expect(new Set(keys).size).toBe(900);
});

it("rescues an expired lease as the same occurrence and refuses the old token", async () => {
  const schedule = oneTime(now - 1000);
  await hot.put(create(schedule));
  const first = await claimOne(hot, { leaseMs: -1 });
  expect(await hot.rescue({ limit: 10, shard: 0 })).toBe(1);
  expect(await hot.rescue({ limit: 10, shard: 0 })).toBe(0);
  expect(await hot.settle([done(first)])).toEqual(["refused"]);
  const second = await claimOne(hot);
  expect(second).toMatchObject({ key: first.key, attempts: [], effectiveMs: first.effectiveMs });
  expect(second.token).not.toBe(first.token);
  expect(await hot.settle([done(first), done(second), done(second)])).toEqual(["refused", "settled", "refused"]);
  expect((await readOutbox(hot)).executions).toHaveLength(1);
});

it("keeps a lease that was extended in time", async () => {
  await hot.put(create(oneTime(now - 1000)));
  const claim = await claimOne(hot, { leaseMs: 0 });
  const lease = { shard: 0, token: claim.token, keys: [claim.key, "other@1"], leaseMs: 60_000 };
  expect(await hot.extend(lease)).toBe(1);
  expect(await hot.rescue({ limit: 10, shard: 0 })).toBe(0);
  await hot.settle([done(claim)]);
  expect(await hot.extend(lease)).toBe(0);
});

it("returns the earlier attempts with the claim of a retry", async () => {
  await hot.put(create(oneTime(now - 1000)));
  const first = await claimOne(hot);
  const attempts = [{ n: 1, at: now, durationMs: 2, workerId: "w1", errorClass: "publish", error: "no|leader\nhere" }];
  await hot.settle([{ kind: "retry", claim: first, atMs: now - 1, attempts, tail: null }]);
  const second = await claimOne(hot);
  expect(second).toMatchObject({ key: first.key, attempts, enteredAtMs: first.enteredAtMs });
});

it("leaves a fence at the end of a schedule that was created during a rebuild, so that it is not promoted again", async () => {
  const schedule = oneTime(now - 1000);
  // The shard has no epoch until the rebuild ends.
  await hot.put(create(schedule));
  await markFilled(hot);
  await hot.settle([done(await claimOne(hot))]);
  // ClickHouse has recorded the create but not the end.
  const plan = [{ nominalMs: now - 1000, effectiveMs: now - 1000 }];
  expect(await hot.promote([{ schedule, plan }])).toEqual(["fenced"]);
});

it("completes a one-time schedule with the outcome of its occurrence", async () => {
  await markFilled(hot);
  const schedule = oneTime(now - 1000);
  await hot.put(create(schedule));
  const claim = await claimOne(hot);
  expect((await hot.getMany([schedule.scheduleId]))[0]?.scheduleId).toBe(schedule.scheduleId);
  await hot.settle([done(claim, { outcome: "dead", firedAt: null, endedAt: now, error: "boom|\nx" })]);
  const { schedules, executions } = await readOutbox(hot);
  expect(schedules).toEqual([
    {
      ...schedule,
      state: {
        ...schedule.state,
        ...{ revision: 2, tier: "clickhouse", completed: true, nextExecution: null },
        ...{ lastExecution: now, lastStatus: "dead", lastError: "boom| x", executionCount: 1, errorCount: 1 },
      },
    },
  ]);
  expect(executions).toMatchObject([{ key: claim.key, outcome: "dead", error: "boom|\nx", payload: schedule.payload }]);
  expect(await hot.getMany([schedule.scheduleId])).toEqual([null]);
  expect(await hot.fences([schedule.scheduleId])).toEqual([null]);
  expect((await server.keys(`${prefix}*`)).sort()).toEqual([`${prefix}{0}:epoch`, `${prefix}{0}:outbox`]);
  expect(await server.redis.xlen(`${prefix}{0}:outbox`)).toBe(0);
});

it("counts a manual run of a pending one-time schedule, which stays pending", async () => {
  const schedule = oneTime(now + HOUR);
  await hot.put(create(schedule));
  const instance = {
    key: `${schedule.scheduleId}@manual:1`,
    ...{ nominalMs: now, effectiveMs: now - 1, trigger: "manual" as const, actor: "ann", lane: null },
  };
  expect(await hot.enqueue({ schedule, instance })).toBe(true);
  expect(await hot.enqueue({ schedule, instance })).toBe(false);
  const claim = await claimOne(hot);
  expect(claim).toMatchObject({ key: instance.key, trigger: "manual", actor: "ann", planLeft: null });
  await hot.settle([done(claim)]);
  expect((await hot.getMany([schedule.scheduleId]))[0]?.state).toMatchObject({
    ...{ executionCount: 1, nextExecution: now + HOUR, revision: 2 },
  });
});

it("counts a manual run of a paused long-term schedule", async () => {
  const state = {
    ...oneTime(0).state,
    revision: 5,
    executionCount: 2,
    tier: "clickhouse" as const,
    nextExecution: now + 90 * HOUR,
  };
  const schedule = oneTime(now + 90 * HOUR, { enabled: false, version: 3, state });
  const key = `${schedule.scheduleId}@manual:1`;
  await hot.enqueue({
    schedule,
    instance: { key, nominalMs: now, effectiveMs: now - 1, trigger: "manual", actor: null, lane: null },
  });
  await hot.settle([done(await claimOne(hot))]);
  expect((await readOutbox(hot)).schedules).toEqual([
    {
      ...schedule,
      state: {
        ...state,
        revision: 6,
        executionCount: 3,
        runsTaken: 3,
        lastStatus: "succeeded",
        lastExecution: FIRED_MS,
      },
    },
  ]);
});

it("runs a replay of a deleted schedule instead of cancelling it", async () => {
  const schedule = oneTime(now + HOUR);
  await hot.put(create(schedule));
  await hot.put(removed(schedule));
  const row = removed(schedule).schedule;
  const key = `${schedule.scheduleId}@1:replay:1`;
  await hot.enqueue({
    schedule: row,
    instance: { key, nominalMs: now, effectiveMs: now - 1, trigger: "replay", actor: "ann", lane: null },
  });
  const claim = await claimOne(hot);
  expect(claim).toMatchObject({ key, deleted: false });
  await hot.settle([done(claim)]);
  expect((await readOutbox(hot)).schedules).toMatchObject([{ state: { deleted: true } }]);
});

it("retries a replay of a deleted schedule after its delay, and holds it while the breaker is open", async () => {
  const schedule = oneTime(now + HOUR);
  await hot.put(create(schedule));
  await hot.put(removed(schedule));
  const row = removed(schedule).schedule;
  const instance = { nominalMs: now, effectiveMs: now - 1, trigger: "replay" as const, actor: "ann", lane: null };
  const keys = [`${schedule.scheduleId}@1:replay:1`, `${schedule.scheduleId}@1:replay:2`] as const;
  for (const key of keys) await hot.enqueue({ schedule: row, instance: { ...instance, key } });
  const claims = await claimOccurrences(hot);
  const [retried, held] = keys.map((key) => claims.find((one) => one.key === key)) as [Claim, Claim];
  await hot.settle([
    { kind: "retry", claim: retried, atMs: now + HOUR, attempts: [], tail: null },
    { kind: "hold", claim: held, untilMs: null, tail: null },
  ]);
  const inFlight = await hot.inFlight(keys);
  expect(inFlight.get(keys[0])).toMatchObject({ dueAtMs: now + HOUR, isHeld: false });
  expect(inFlight.get(keys[1])).toMatchObject({ dueAtMs: null, isHeld: true });
});

it("removes 100 orphan ids at the head of a lane and claims the next occurrence", async () => {
  const orphans = Array.from({ length: 100 }, (_, i) => [i, i % 2 ? `gone-${i}` : `gone-${i}@1`]).flat();
  await server.redis.zadd(`${prefix}{0}:due:0`, ...orphans);
  await hot.put(create(oneTime(now - 1000)));
  expect(await claimOccurrences(hot, { limit: 1 })).toHaveLength(1);
  expect(await server.redis.zcard(`${prefix}{0}:due:0`)).toBe(0);
});

it("sets no TTL on any key, so that due occurrences never expire", async () => {
  await hot.putMany([create(oneTime(now - 1000)), create(oneTime(now + HOUR))]);
  await claimOne(hot);
  for (const key of await server.keys(`${prefix}*`)) expect([key, await server.redis.pttl(key)]).toEqual([key, -1]);
});

it("claims overdue occurrences however late they are", async () => {
  await hot.put(create(oneTime(now - 400 * 24 * HOUR)));
  expect(await claimOccurrences(hot)).toHaveLength(1);
});

it("wakes workers only when an occurrence arrives that is due before all others", async () => {
  const heard: string[] = [];
  let resolve: () => void = () => undefined;
  const stop = await hot.onWake(() => {
    heard.push("wake");
    resolve();
  });
  const woken = new Promise<void>((done) => {
    resolve = done;
  });
  await hot.put(create(oneTime(now + HOUR)));
  await woken;
  const again = new Promise<void>((done) => {
    resolve = done;
  });
  await hot.put(create(oneTime(now + 2 * HOUR)));
  await hot.put(create(oneTime(now + 1000, { priority: 3 })));
  await again;
  expect(heard).toEqual(["wake", "wake"]);
  await stop();
});

it("lists leased instances before others, however many plans are claimed", async () => {
  const schedule = oneTime(now + HOUR);
  const later = { key: `${schedule.scheduleId}@manual:1`, nominalMs: now, effectiveMs: now + HOUR };
  await hot.enqueue({ schedule, instance: { ...later, trigger: "manual", actor: null, lane: null } });
  await hot.putMany(Array.from({ length: 250 }, () => create(recurring(), planOf(now - HOUR))));
  expect((await claimAll(hot)).map((claim) => claim.kind)).toEqual(Array(250).fill("plan"));
  await hot.put(create(oneTime(now - 1000)));
  const { key } = await claimOne(hot, { leaseMs: 60_000 });
  const leased = { key, leasedUntilMs: expect.any(Number) };
  expect(await hot.listInstances({ limit: 1 })).toMatchObject([leased]);
  expect(await hot.listInstances({ limit: 2 })).toMatchObject([leased, { key: later.key, leasedUntilMs: null }]);
});

it("fills a list up to its limit, although it leaves out the self-test", async () => {
  const [selfTestId] = selfTestIds(hot.shards, (id) => hot.shardOf(id)) as [string];
  await hot.put(create(selfTestSchedule(selfTestId, now)));
  await hot.put(create(oneTime(now + HOUR)));
  expect((await hot.upcoming({ limit: 1 })).map((one) => one.nominalMs)).toEqual([now + HOUR]);
  await hot.put(create(oneTime(now - 1)));
  await claimAll(hot, { leaseMs: 60_000 });
  expect(await hot.listInstances({ limit: 1 })).toHaveLength(1);
});

it("counts neither a self-test that is due nor its age", async () => {
  const [selfTestId] = selfTestIds(hot.shards, (id) => hot.shardOf(id)) as [string];
  await hot.put(create(selfTestSchedule(selfTestId, now - HOUR)));
  expect(await hot.stats()).toMatchObject({ pending: 0, overdue: 0, oldestDueAgeMs: 0 });
  await hot.put(create(oneTime(now - 5000, { priority: 9 })));
  const stats = await hot.stats();
  expect(stats).toMatchObject({ pending: 1, overdue: 1 });
  expect(stats.oldestDueAgeMs).toBeLessThan(HOUR);
  expect(stats.oldestDueAgeMs).toBeGreaterThanOrEqual(5000);
});

it("returns instances, upcoming occurrences and the counts", async () => {
  await hot.putMany([
    create(oneTime(now - 5000)),
    create(oneTime(now + HOUR)),
    create(oneTime(now + 2 * HOUR), planOf(now + 2 * HOUR)),
  ]);
  expect(await hot.stats()).toMatchObject({ pending: 3, overdue: 1, running: 0, outboxDepth: 1, fences: 0 });
  expect((await hot.stats()).oldestDueAgeMs).toBeGreaterThanOrEqual(5000);
  const claim = await claimOne(hot);
  expect(await hot.listInstances({ limit: 10 })).toMatchObject([{ key: claim.key, leasedUntilMs: expect.any(Number) }]);
  expect((await hot.upcoming({ limit: 1 })).map((one) => one.nominalMs)).toEqual([now + HOUR]);
  await hot.settle([{ kind: "retry", claim, atMs: now + HOUR / 2, attempts: [], tail: null }]);
  expect(await hot.listInstances({ limit: 10 })).toMatchObject([{ key: claim.key, leasedUntilMs: null }]);
  // A waiting retry is no upcoming occurrence, and does not hide one.
  for (const limit of [9, 2]) {
    const times = (await hot.upcoming({ limit })).map((one) => one.effectiveMs);
    expect(times).toEqual([now + HOUR, now + 2 * HOUR]);
  }
});
