import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packId, packKey } from "./codec/packed-id";
import type { Redis } from "./connection/redis-types";
import {
  claimAll,
  claimOne,
  create,
  done,
  edited,
  freshTier,
  oneTime,
  openSingleRedis,
  planOf,
  readOutbox,
  recurring,
  removed,
  untilPast,
} from "./testing/hot-tier-fixture";

/* Damaged bytes in Redis affect only the schedule that they belong to. */

let server: Awaited<ReturnType<typeof openSingleRedis>>;
let redis: Redis;

beforeAll(async () => {
  server = await openSingleRedis();
  redis = server.redis;
});
afterAll(() => server.stop());

/** Random bytes, or bytes that resemble a record, a stub or an instance. */
const damage = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom("", "@", "@1", "\n", "|||||||||||", "5|1|1||||||1||", "1|1|s|1|0|", "5|1|1|||||1|1|r|\n", "\n\n\n")
    .map(Buffer.from),
  fc
    .constantFrom('5|1|1|||||1|1||\n{"a":1}\n{}', "5|1|1|||||1|1||\nnot json\n{}", "5|1|1|||||1|1|r|\n[]\n{}")
    .map(Buffer.from),
);

/** Reads the quarantine items (kind `q`), their original bytes, and the executions from the outbox. */
async function readQuarantine(hot: ReturnType<typeof freshTier>["hot"]) {
  const { documents, executions } = await readOutbox(hot);
  const items = documents.filter((one) => one.kind === "q").map((one) => JSON.parse(one.json));
  return { items, bytes: items.map((one) => Buffer.from(one.hex, "hex")), executions };
}

it("damaged bytes of one schedule do not delay the others, and a damaged record is kept in the quarantine", async () => {
  await fc.assert(
    fc.asyncProperty(damage, fc.constantFrom("sched", "plan", "fence"), async (bytes, where) => {
      const { hot, prefix } = freshTier(redis);
      const now = await hot.now();
      const bad = where === "plan" ? recurring() : oneTime(now - 10);
      await hot.put(create(bad, planOf(now - 10)));
      const good = [oneTime(now - 20), oneTime(now - 5)];
      await hot.putMany(good.map((one) => create(one)));
      await redis.hset(`${prefix}{0}:${where}`, packId(bad.scheduleId), bytes);
      const { claims, unreadable } = await hot.claim({
        ...{ workerId: "w", limit: 500, leaseMs: 30_000, catchUpLimit: 10, graceMs: 60_000, shard: 0 },
      });
      const ids = claims.map((claim) => claim.schedule.scheduleId);
      for (const { scheduleId } of good) expect(ids).toContain(scheduleId);
      for (const one of unreadable) expect(await hot.setAside(one, 'it is "bad"\n')).toBe(true);
      const occurrences = claims.filter((claim) => claim.kind === "occurrence");
      expect(await hot.settle(occurrences.map((claim) => done(claim)))).not.toContain("refused");
      const { bytes: kept } = await readQuarantine(hot);
      // Bytes that begin with `@` are read as a stub, and a stub has no record to keep.
      const isStub = where === "sched" && bytes.toString("latin1").startsWith("@");
      // Compares the end only: a record that Lua could read was claimed, and the claim puts a meta line before it.
      const isKept = kept.some((one) => one.subarray(one.length - bytes.length).equals(bytes));
      if (where === "sched" && !isStub) expect(isKept).toBe(true);
      else expect(kept).toEqual([]);
      if (where !== "plan") expect((await hot.stats()).pending).toBe(0);
    }),
    { numRuns: 60 },
  );
}, 60_000);

it("a damaged instance is quarantined, whichever step reads it", async () => {
  await fc.assert(
    fc.asyncProperty(damage, fc.constantFrom("claim", "settle", "rescue", "delete"), async (bytes, step) => {
      const { hot, prefix } = freshTier(redis);
      const now = await hot.now();
      const [bad, good] = [oneTime(now - 20), oneTime(now - 10)];
      await hot.putMany([create(bad), create(good)]);
      const claims = await claimAll(hot, { leaseMs: step === "rescue" ? 1 : 30_000 });
      const [first] = claims;
      if (first?.kind !== "occurrence") throw new Error("an occurrence was expected");
      const key = `${packId(bad.scheduleId)}@${now - 20}`;
      await redis.hset(`${prefix}{0}:occ`, key, bytes);
      if (step === "settle") {
        await hot.settle(claims.map((claim) => done(claim as typeof first)));
      } else {
        if (step === "delete") await hot.put(removed(bad));
        if (step === "rescue") {
          await untilPast(hot, (await hot.now()) + 1);
          expect(await hot.rescue({ shard: 0, limit: 10 })).toBe(2);
        } else {
          await hot.settle(
            claims.map((claim) => ({
              kind: "retry",
              claim: claim as typeof first,
              atMs: now,
              attempts: [],
              tail: null,
            })),
          );
        }
        await redis.hset(`${prefix}{0}:occ`, key, bytes);
        await redis.zadd(`${prefix}{0}:due:0`, now, key);
        const again = await hot.claim({
          ...{ workerId: "w", limit: 500, leaseMs: 30_000, catchUpLimit: 10, graceMs: 60_000, shard: 0 },
        });
        for (const one of again.unreadable) await hot.setAside(one, "x");
        await hot.settle(again.claims.map((claim) => done(claim as typeof first)));
      }
      const { executions, bytes: kept } = await readQuarantine(hot);
      expect(executions.map((row) => row.scheduleId)).toContain(good.scheduleId);
      expect(kept).toContainEqual(bytes);
      expect((await hot.stats()).running).toBe(0);
    }),
    { numRuns: 60 },
  );
}, 60_000);

it("an edit or a delete replaces a damaged record", async () => {
  await fc.assert(
    fc.asyncProperty(damage, fc.boolean(), async (bytes, isDelete) => {
      const { hot, prefix } = freshTier(redis);
      const schedule = oneTime((await hot.now()) + 60_000);
      await hot.put(create(schedule));
      await redis.hset(`${prefix}{0}:sched`, packId(schedule.scheduleId), bytes);
      const change = isDelete
        ? removed(schedule)
        : { ...create(edited(schedule, { description: "mended" })), expectedVersion: 1 };
      const result = await hot.put(change);
      // If the bytes parse as a header with another version, the edit is refused as stale.
      if (result.status === "stored")
        expect((await hot.getMany([schedule.scheduleId]))[0]?.description).toBe(isDelete ? undefined : "mended");
      else expect(result.status).toBe("stale");
    }),
    { numRuns: 50 },
  );
});

it("stores the origin, the reason and the bytes of a quarantined item", async () => {
  const { hot, prefix } = freshTier(redis, 2);
  const now = await hot.now();
  const made = Array.from({ length: 20 }, () => oneTime(now - 10));
  await hot.putMany(made.map((one) => create(one)));
  const key = (await redis.hkeys(`${prefix}{1}:sched`))[0] as string;
  await redis.hset(`${prefix}{1}:sched`, key, Buffer.from([0xff, 0x00, 0xfe]));
  await claimAll(hot, { shard: 1 });
  const { documents } = await readOutbox(hot, { shard: 1 });
  expect(documents.map((one) => JSON.parse(one.json))).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
      at: expect.any(Number),
      step: "claim",
      kind: "record",
      shard: 1,
      keyHex: Buffer.from(key).toString("hex"),
      reason: "Its record in Redis cannot be read.",
      hex: "ff00fe",
    },
  ]);
});

it("gives back a record or an instance into its own lane, and damaged bytes into lane 0", async () => {
  const { hot, prefix } = freshTier(redis);
  const now = await hot.now();
  const schedule = oneTime(now + 60_000, { priority: 7 });
  await hot.put(create(schedule));
  const id = packId(schedule.scheduleId);
  const times = { nominalMs: now, effectiveMs: now, trigger: "manual", actor: "ann" } as const;
  const [own, caughtUp] = [`${schedule.scheduleId}@manual:1`, `${schedule.scheduleId}@manual:2`] as const;
  await hot.enqueue({ schedule, instance: { ...times, key: own, lane: null } });
  await hot.enqueue({ schedule, instance: { ...times, key: caughtUp, lane: "c" } });
  const lanesOf = async (key: string) => {
    const lanes = await redis.keys(`${prefix}{0}:due:*`);
    const scores = await Promise.all(lanes.map((lane) => redis.zscore(lane, key)));
    return lanes.filter((_, i) => scores[i] !== null);
  };
  const returned: { kind: "record" | "instance"; key: string; lane: string; bytes?: string }[] = [
    { kind: "record", key: id, lane: "7" },
    { kind: "instance", key: packKey(own), lane: "7" },
    { kind: "instance", key: packKey(caughtUp), lane: "c" },
    { kind: "record", key: "damaged", lane: "0", bytes: "x" },
    { kind: "instance", key: "damaged@1", lane: "0", bytes: "7|x" },
  ];
  for (const { kind, key, lane, bytes } of returned) {
    const hash = `${prefix}{0}:${kind === "record" ? "sched" : "occ"}`;
    const kept = bytes === undefined ? await redis.hgetBuffer(hash, key) : Buffer.from(bytes);
    await redis.hdel(hash, key);
    for (const due of await lanesOf(key)) await redis.zrem(due, key);
    expect(await hot.giveBack({ shard: 0, kind, packedKey: key, bytes: kept as Buffer })).toBe(true);
    expect(await lanesOf(key)).toEqual([`${prefix}{0}:due:${lane}`]);
  }
  const inFlight = await hot.inFlight([own, caughtUp]);
  expect([...inFlight.values()].map(({ dueAtMs }) => dueAtMs)).toEqual([expect.any(Number), expect.any(Number)]);
});

it("quarantines a record that Lua can read but the decoder cannot, with the error", async () => {
  const { hot, prefix } = freshTier(redis);
  const schedule = oneTime((await hot.now()) - 10);
  await hot.put(create(schedule));
  const field = packId(schedule.scheduleId);
  const record = await redis.hget(`${prefix}{0}:sched`, field);
  await redis.hset(`${prefix}{0}:sched`, field, (record as string).replace("\n[", "\n{"));
  const { claims, unreadable } = await hot.claim({
    ...{ workerId: "w", limit: 500, leaseMs: 30_000, catchUpLimit: 10, graceMs: 60_000, shard: 0 },
  });
  expect(claims).toEqual([]);
  expect(unreadable).toMatchObject([{ reason: expect.stringContaining("JSON") }]);
  for (const one of unreadable) {
    expect(await hot.setAside(one, one.reason)).toBe(true);
    expect(await hot.setAside(one, one.reason)).toBe(false);
  }
  const { items } = await readQuarantine(hot);
  // The claim had already turned the record into an instance.
  expect(items).toMatchObject([{ kind: "instance", step: "claim", reason: unreadable[0]?.reason }]);
  expect((await hot.stats()).pending).toBe(0);
  // The id is free again for the schedule's row in ClickHouse.
  expect(await hot.promote([{ schedule, plan: planOf(schedule.executionTime as number) }])).toEqual(["promoted"]);
  expect((await claimOne(hot)).schedule.scheduleId).toBe(schedule.scheduleId);
});

it("a damaged record or instance is left out of reads, which return the other rows", async () => {
  await fc.assert(
    fc.asyncProperty(damage, damage, async (bytes, instance) => {
      const { hot, prefix } = freshTier(redis);
      const now = await hot.now();
      const [bad, good, running] = [oneTime(now + 60_000), oneTime(now + 60_000), oneTime(now - 10)];
      await hot.putMany([create(bad), create(good), create(running)]);
      await claimOne(hot);
      await redis.hset(`${prefix}{0}:sched`, packId(bad.scheduleId), bytes);
      await redis.hset(`${prefix}{0}:occ`, `${packId(bad.scheduleId)}@1`, instance);
      const ids = (rows: readonly { schedule: { scheduleId: string } }[]) => rows.map((one) => one.schedule.scheduleId);
      expect(ids(await hot.upcoming({ limit: 10 }))).toContain(good.scheduleId);
      expect(ids(await hot.listInstances({ limit: 10 }))).toContain(running.scheduleId);
      const [, second] = await hot.getMany([bad.scheduleId, good.scheduleId]);
      expect(second?.scheduleId).toBe(good.scheduleId);
      expect((await hot.unflushed({ limit: 10 })).schedules).toHaveLength(3);
    }),
    { numRuns: 50 },
  );
});
