import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventId } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { OutboxBatch } from "~/server/ports/hot/outbox";
import { markFilled } from "~/server/testing/mark-filled";
import { packId } from "./codec/packed-id";
import {
  claimAll,
  claimOne,
  create,
  delta,
  done,
  edited,
  freshTier,
  oneTime,
  openTestRedis,
  planOf,
  readOutbox,
  recurring,
  removed,
  type TestRedis,
  untilPast,
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

/** The row of a long-term schedule in ClickHouse. */
function longTerm(schedule: Schedule): Schedule {
  return { ...schedule, state: { ...schedule.state, tier: "clickhouse" } };
}

describe("the outbox", () => {
  it.each([
    ["an empty array and an empty object", '{"a":[],"b":{}}'],
    ["an integer beyond 2^53", '{"n":9007199254740993,"m":1.0,"e":1e400}'],
    ["newlines, pipes and quotes", '{"t":"a|b\\n\\"|@#"}\n|\n'],
    ["unicode and a zero byte", '{"t":"žluťoučký 🐎 \u0000 \u2028"}'],
    ["duplicate keys and odd blanks", '{ "a" : 1 ,\r\n"a":2 }'],
    ["no content", ""],
    ["text that is not JSON", "|||\n\n@"],
  ])("keeps a payload with %s unchanged", async (_, payload) => {
    const schedule = oneTime(now - 1000, {
      payload,
      rawValue: true,
      name: "n|\n",
      headers: { a: "|\n", __proto__x: "" },
    });
    await hot.put(create(schedule));
    const claim = await claimOne(hot);
    expect(claim.schedule).toEqual(schedule);
    await hot.settle([done(claim)]);
    const { schedules, executions } = await readOutbox(hot);
    expect(schedules[0]?.payload).toBe(payload);
    expect(executions[0]?.payload).toBe(payload);
  });

  it("keeps every field of a schedule that has hardly any default value", async () => {
    const schedule = recurring({
      ...{ name: "all", description: "d", tags: ["x"], enabled: false, topic: "t", entityType: "e", entityId: "7" },
      ...{ action: "a", actorType: "user", actorId: "u", payload: "{}", rawValue: true, headers: { h: "1" } },
      ...{ correlationId: "any string", cronExpression: "0 0 * * *", timezone: "Asia/Kathmandu", maxRetries: 0 },
      ...{ retryDelaySeconds: 1, maxDelaySeconds: 2, priority: 9, source: "code", sourceId: "s", startAt: 1, endAt: 2 },
      ...{ maxRuns: 3, catchUp: { policy: "all", windowSeconds: 1, maxRuns: 2 }, jitterSeconds: 4, dstGap: "skip" },
      ...{
        dstOverlap: "both",
        pauseNote: "p",
        pausedBy: "b",
        pausedAt: 4,
        pausedUntil: 5,
        createdBy: "c",
        createdAt: 6,
        updatedAt: 9,
      },
      version: 12,
      state: {
        ...{ revision: 40, tier: "clickhouse", completed: true, deleted: false, nextExecution: 8, lastExecution: 7 },
        ...{ lastStatus: "skipped", lastError: "l|e", executionCount: 5, errorCount: 4, runsTaken: 7 },
      },
    });
    await hot.put({ schedule, placement: { tier: "clickhouse", nextExecution: 8 }, expectedVersion: null });
    expect((await readOutbox(hot)).schedules).toEqual([schedule]);
  });

  it("makes the ledger's row from the claimed record and the delta", async () => {
    const schedule = oneTime(now - 40_000, { name: "n", headers: { h: "1" }, priority: 3, source: "kafka_delayed" });
    await hot.put(create(schedule));
    const claim = await claimOne(hot);
    expect(claim.trigger).toBe("delayed_event");
    const attempted = delta({ firedAt: now, endedAt: now + 1 });
    await hot.settle([{ kind: "done", claim, delta: attempted, tail: null }]);
    expect((await readOutbox(hot)).executions).toEqual([
      {
        ...attempted,
        ...{ executionId: eventId(claim.key), key: claim.key, scheduleId: schedule.scheduleId, scheduleName: "n" },
        ...{ scheduleVersion: 1, trigger: "delayed_event", topic: "orders", entityType: "order", entityId: null },
        ...{ action: "remind", source: "kafka_delayed", correlationId: schedule.correlationId, priority: 3 },
        ...{ scheduledFor: now - 40_000, effectiveAt: now - 40_000, latenessMs: 40_000, late: true, tier: "redis" },
        ...{ enteredRedisAt: claim.enteredAtMs, payload: schedule.payload, headers: { h: "1" }, note: null },
        ...{ rawValue: schedule.rawValue, actorType: schedule.actorType, actorId: schedule.actorId },
      },
    ]);
  });

  it("returns documents in the order in which they were appended", async () => {
    await hot.append("u", '{"id":1}');
    await hot.append("a", '{"id":2}');
    const { documents } = await readOutbox(hot);
    expect(documents).toEqual([
      { kind: "u", json: '{"id":1}' },
      { kind: "a", json: '{"id":2}' },
    ]);
  });

  it("returns the same batch until it is acknowledged, even if more entries follow", async () => {
    await hot.putMany([create(oneTime(now + HOUR))]);
    await hot.putMany([create(oneTime(now + HOUR))]);
    const first = await hot.readBatch({ shard: 0, limit: 10 });
    expect(first).toMatchObject({ entries: 2, insertToken: expect.stringMatching(/^0:\d+-\d+-\d+-\d+$/) });
    await hot.put(create(oneTime(now + HOUR)));
    const again = { ...first, more: true };
    expect(await hot.readBatch({ shard: 0, limit: 10 })).toEqual(again);
    expect(await hot.readBatch({ shard: 0, limit: 1 })).toEqual(again);
    if (first === null) throw new Error("a batch was expected");
    await hot.ackBatch({ batch: first, fenceTtlMs: 1 });
    const second = await hot.readBatch({ shard: 0, limit: 10 });
    expect(second).toMatchObject({ entries: 1 });
    // A recorder that missed the first reply acknowledges again.
    await hot.ackBatch({ batch: first, fenceTtlMs: 1 });
    expect(await hot.readBatch({ shard: 0, limit: 10 })).toEqual(second);
    expect((await hot.stats()).outboxDepth).toBe(1);
  });

  it("reads the next batch while a batch is in flight; the acknowledgement makes it the batch in flight", async () => {
    for (let i = 0; i < 5; i += 1) await hot.put(create(oneTime(now + HOUR + i)));
    const read = async (limit: number, after?: OutboxBatch) => {
      const batch = await hot.readBatch({ shard: 0, limit, after });
      if (batch === null) throw new Error("a batch was expected");
      return batch;
    };
    const first = await read(2);
    const next = await read(2, first);
    expect([first, next].map(({ entries, more }) => [entries, more])).toEqual([
      [2, true],
      [2, true],
    ]);
    // Not acknowledged, so the first batch is still in flight.
    expect(await read(2)).toEqual(first);
    expect(await hot.ackBatch({ batch: first, next, fenceTtlMs: 1 })).toBe(true);
    expect(await read(1)).toEqual(next);
    // Another recorder acknowledges the first batch too late, with a larger next batch.
    const other = await hot.readBatch({ shard: 0, limit: 10, after: first });
    expect(await hot.ackBatch({ batch: first, next: other, fenceTtlMs: 1 })).toBe(false);
    expect(await read(1)).toEqual(next);
    const last = await read(2, next);
    expect(last).toMatchObject({ entries: 1, more: false });
    expect(await hot.readBatch({ shard: 0, limit: 2, after: last })).toBeNull();
    expect(await hot.ackBatch({ batch: next, next: last, fenceTtlMs: 1 })).toBe(true);
    expect(await hot.ackBatch({ batch: last, next: null, fenceTtlMs: 1 })).toBe(true);
    expect((await hot.stats()).outboxDepth).toBe(0);
  });

  it("returns the entries that ClickHouse does not have yet, newest first, and reports if there are more", async () => {
    const schedules = Array.from({ length: 250 }, (_, i) => oneTime(now + HOUR + i));
    for (const schedule of schedules) await hot.put(create(schedule));
    const newest = schedules[249] as Schedule;
    await hot.put({ ...create(edited(newest, { payload: '"new"' })), expectedVersion: 1 });
    const all = await hot.unflushed({ limit: 1000 });
    expect(all).toMatchObject({ complete: true, executions: [] });
    expect(all.schedules).toHaveLength(250);
    expect(all.schedules[0]).toMatchObject({ scheduleId: newest.scheduleId, payload: '"new"' });
    const some = await hot.unflushed({ limit: 30 });
    expect(some.complete).toBe(false);
    expect(some.schedules[1]?.scheduleId).toBe(schedules[248]?.scheduleId);
  });
});

describe("fences", () => {
  it("stay until the acknowledgement, and for their TTL after it", async () => {
    const schedule = oneTime(now + 90 * HOUR);
    await hot.put({
      schedule,
      placement: { tier: "clickhouse", nextExecution: now + 90 * HOUR },
      expectedVersion: null,
    });
    expect(await hot.expireFences({ limit: 10 })).toBe(0);
    await readOutbox(hot, { fenceTtlMs: 5 });
    expect(await hot.fences([schedule.scheduleId])).toEqual([{ revision: 1, version: 1, deleted: false }]);
    await untilPast(hot, (await hot.now()) + 5);
    expect(await hot.expireFences({ limit: 10 })).toBe(1);
    expect(await hot.fences([schedule.scheduleId])).toEqual([null]);
  });

  it("stay until the newest revision is acknowledged, and for at least a day if the schedule is deleted", async () => {
    const schedule = oneTime(now + 90 * HOUR);
    const placement = { tier: "clickhouse" as const, nextExecution: now + 90 * HOUR };
    await hot.put({ schedule, placement, expectedVersion: null });
    await readOutbox(hot, { fenceTtlMs: -1 });
    await hot.put({ schedule: edited(schedule, { payload: "2" }), placement, expectedVersion: 1 });
    expect(await hot.expireFences({ limit: 10 })).toBe(0);
    await hot.put(removed(edited(schedule, {})));
    await readOutbox(hot, { fenceTtlMs: -1 });
    expect(await hot.expireFences({ limit: 10 })).toBe(0);
    const expiresAtMs = await server.redis.zscore(`${prefix}{0}:fence:exp`, packId(schedule.scheduleId));
    expect(Number(expiresAtMs) - now).toBeGreaterThanOrEqual(24 * HOUR);
  });
});

describe("promotion", () => {
  it("promotes a long-term row once, and fires it although it is overdue", async () => {
    const schedule = longTerm(oneTime(now - HOUR));
    const row = { schedule, plan: planOf(now - HOUR) };
    expect(await hot.promote([row, row])).toEqual(["promoted", "present"]);
    expect(await hot.promote([row])).toEqual(["present"]);
    const claim = await claimOne(hot);
    expect(claim.schedule.state).toMatchObject({ tier: "redis", revision: 2 });
    expect(await hot.promote([row])).toEqual(["present"]);
    await hot.settle([done(claim)]);
    // The next cycle reads the old row, because the recorder has not written the outcome.
    expect(await hot.promote([row])).toEqual(["fenced"]);
    const { schedules, executions } = await readOutbox(hot);
    expect(schedules).toMatchObject([{ state: { revision: 3, completed: true } }]);
    expect(executions).toMatchObject([{ tier: "clickhouse", outcome: "succeeded" }]);
  });

  it.each([
    ["a delete", removed],
    [
      "a pause",
      (schedule: Schedule) => ({
        ...{ schedule: edited(schedule, { enabled: false }), expectedVersion: 1 },
        placement: { tier: "clickhouse" as const, nextExecution: null },
      }),
    ],
  ])("is refused after %s during the promotion", async (_, change) => {
    const schedule = longTerm(oneTime(now - 1000));
    await hot.put(change(schedule));
    expect(await hot.promote([{ schedule, plan: planOf(now - 1000) }])).toEqual(["fenced"]);
    expect(await claimAll(hot)).toEqual([]);
  });

  it("accepts a row with the fence's revision", async () => {
    const schedule = longTerm(oneTime(now + 90 * HOUR));
    await hot.put({
      schedule,
      placement: { tier: "clickhouse", nextExecution: now + 90 * HOUR },
      expectedVersion: null,
    });
    expect(await hot.promote([{ schedule, plan: planOf(now + 90 * HOUR) }])).toEqual(["promoted"]);
    expect(await hot.fences([schedule.scheduleId])).toEqual([null]);
  });

  it("adds a recurring schedule that is late, whose plan is then claimed", async () => {
    const schedule = longTerm(recurring());
    await hot.promote([{ schedule, plan: planOf(now - HOUR, now + HOUR) }]);
    expect(await claimAll(hot)).toMatchObject([{ kind: "plan", plan: planOf(now - HOUR, now + HOUR) }]);
  });
});

describe("the delayed topic's watermark", () => {
  const positionOf = (offset: string, timestampMs: number, partition = "t/0") => ({ partition, offset, timestampMs });

  it.each<[string, ReturnType<typeof positionOf>[], string[]]>([
    [
      "drops a redelivery",
      [positionOf("5", 100), positionOf("6", 90), positionOf("5", 100), positionOf("6", 90)],
      ["stored", "stored", "exists", "exists"],
    ],
    [
      "accepts messages of a recreated topic",
      [positionOf("900", 100), positionOf("0", 200), positionOf("1", 150)],
      ["stored", "stored", "stored"],
    ],
    ["keeps a watermark per partition", [positionOf("5", 100), positionOf("5", 100, "t/1")], ["stored", "stored"]],
    [
      "compares offsets beyond 2^53",
      [
        positionOf("9223372036854775806", 1),
        positionOf("9223372036854775807", 1),
        positionOf("9223372036854775806", 1),
      ],
      ["stored", "stored", "exists"],
    ],
    [
      "compares both parts of stream ids",
      [
        positionOf("1700000000000-9", 1),
        positionOf("1700000000000-10", 1),
        positionOf("1700000000000-9", 1),
        positionOf("1700000000001-0", 1),
      ],
      ["stored", "stored", "exists", "stored"],
    ],
  ])("%s", async (_, positions, expected) => {
    const puts = positions.map((position) => ({ ...create(oneTime(now + HOUR)), position }));
    expect((await hot.putMany(puts)).map((one) => one.status)).toEqual(expected);
  });

  it("keeps the newest watermark of each partition of a batch", async () => {
    const put = (positions: ReturnType<typeof positionOf>[]) =>
      hot.putMany(positions.map((position) => ({ ...create(oneTime(now + HOUR)), position })));
    await put([positionOf("5", 100), positionOf("7", 90, "t/1"), positionOf("6", 80)]);
    const again = await put([
      positionOf("6", 80),
      positionOf("7", 90, "t/1"),
      positionOf("7", 100),
      positionOf("8", 90, "t/1"),
    ]);
    expect(again.map((one) => one.status)).toEqual(["exists", "exists", "stored", "stored"]);
  });

  it("drops a redelivery after the event has fired and its schedule is gone", async () => {
    const put = { ...create(oneTime(now - 1000)), position: positionOf("5", 100) };
    await hot.put(put);
    await hot.settle([done(await claimOne(hot))]);
    await readOutbox(hot);
    expect(await hot.put(put)).toEqual({ status: "exists" });
    expect(await claimAll(hot)).toEqual([]);
  });
});

describe("names and epochs", () => {
  it("reserves a name for one schedule until that schedule frees it", async () => {
    expect(await hot.reserveName({ name: "n", scheduleId: "a" })).toEqual({ ok: true, fresh: true });
    expect(await hot.reserveName({ name: "n", scheduleId: "a" })).toEqual({ ok: true, fresh: false });
    expect(await hot.reserveName({ name: "n", scheduleId: "b" })).toMatchObject({ ok: false, holder: "a" });
    await hot.releaseName({ name: "n", scheduleId: "b" });
    expect(await hot.reserveName({ name: "n", scheduleId: "b" })).toMatchObject({ ok: false, holder: "a" });
    await hot.releaseName({ name: "n", scheduleId: "a" });
    expect(await hot.reserveName({ name: "n", scheduleId: "b" })).toEqual({ ok: true, fresh: true });
  });

  it("returns how long ago a name was reserved, or infinity if its key has no TTL", async () => {
    await hot.reserveName({ name: "n", scheduleId: "a" });
    const young = await hot.reserveName({ name: "n", scheduleId: "b" });
    expect(young).toMatchObject({ ok: false, holder: "a" });
    expect((young as { ageMs: number }).ageMs).toBeLessThan(60_000);
    await hot.releaseName({ name: "n", scheduleId: "a" });
    await server.redis.set(`${prefix}name:n`, "a");
    expect(await hot.reserveName({ name: "n", scheduleId: "b" })).toMatchObject({ ageMs: Number.POSITIVE_INFINITY });
  });

  it("keeps the first epoch if a second rebuild ends", async () => {
    expect(await hot.epoch()).toBeNull();
    await markFilled(hot, "one");
    await markFilled(hot, "two");
    expect(await hot.epoch()).toBe("one");
  });

  it("has no epoch after a rebuild that was interrupted by a wipe or by another rebuild", async () => {
    await hot.beginRebuild("one");
    await server.redis.del(`${prefix}{0}:rebuild`);
    expect(await hot.endRebuild("one")).toBe(false);
    await hot.beginRebuild("two");
    await hot.beginRebuild("three");
    expect(await hot.endRebuild("two")).toBe(false);
    expect(await hot.epoch()).toBeNull();
    expect(await hot.endRebuild("three")).toBe(true);
    expect(await hot.epoch()).toBe("three");
  });
});
