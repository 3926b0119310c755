import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { entryValues } from "~/server/adapters/redis/streams/entry";
import { encodeEventMessage } from "~/server/domain/event-message";
import { eventId, occurrenceKey } from "~/server/domain/ids";
import { sealedText } from "~/server/domain/protection/sealed";
import type { Schedule } from "~/server/domain/schedule";
import type { ClaimResult } from "~/server/ports/hot/claims";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import { markFilled } from "~/server/testing/mark-filled";
import type { Redis } from "./connection/redis-types";
import {
  claimOne,
  create,
  delta,
  done,
  freshTier,
  oneTime,
  openSingleRedis,
  readOutbox,
  recurring,
} from "./testing/hot-tier-fixture";

let server: Awaited<ReturnType<typeof openSingleRedis>>;
let redis: Redis;
let hot: HotTier;
/** A tier without streams, whose claims and settles give the expected results. */
let twin: HotTier;
let prefix: string;
let now: number;

beforeAll(async () => {
  server = await openSingleRedis();
  redis = server.redis;
});
afterAll(() => server.stop());
beforeEach(async () => {
  const tier = freshTier(redis, 1, { maxEntries: 1_000_000, untrimmedPrefix: "stufio.events.delayed" });
  ({ hot, prefix } = tier);
  twin = freshTier(redis).hot;
  await Promise.all([markFilled(hot), markFilled(twin)]);
  now = await hot.now();
});

const DAY = 86_400_000;

function claim(options: { limit?: number; claimOnly?: string[] } = {}): Promise<ClaimResult> {
  const defaults = { workerId: 'w"1', limit: 500, leaseMs: 30_000, catchUpLimit: 500, graceMs: 60_000, shard: 0 };
  return hot.claim({ ...defaults, ...options });
}

async function entries(topic: string) {
  const found = await redis.xrange(`${prefix}bus:${topic}`, "-", "+");
  return found.map(([id, [, key = "", , value = "", , headers = ""]]) => ({ id, values: [key, value, headers] }));
}

/** The message that the bus would receive. */
function message(schedule: Schedule, nominalMs: number, nowMs: number) {
  const id = eventId(occurrenceKey(schedule.scheduleId, nominalMs));
  const occurrence = { eventId: id, executionId: id, scheduledForMs: nominalMs, attempt: 1, timestampMs: nowMs };
  return entryValues(encodeEventMessage({ schedule, occurrence }));
}

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.constantFrom("user", "a.b", 'say "x"', "\\", "ü\u2028", "\u007f"),
);
/** Mostly the first value, which allows publishing in place. */
const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: rare });
const word = fc.constantFrom("order", "user", "a.b_c-d");

const anyOneTime = fc.record({
  topic: mostly(fc.constantFrom("orders", "user.notifications"), fc.constant("stufio.events.delayed")),
  entityType: mostly<string>(word, text),
  action: mostly<string>(word, text),
  entityId: fc.option(mostly<string>(word, text)),
  actorType: fc.constantFrom("system" as const, "user" as const),
  actorId: mostly<string>(fc.constant("scheduler"), text),
  correlationId: fc.oneof(fc.uuid(), text, fc.constant("~")),
  payload: fc.json(),
  rawValue: mostly(fc.constant(false), fc.constant(true)),
  headers: mostly(fc.constant({}), fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 })),
  tags: fc.constantFrom<string[][]>([], ['"i":1', "t"]),
  name: fc.option(text),
  priority: fc.integer({ min: 0, max: 9 }),
  sourceId: fc.option(word),
  maxDelaySeconds: mostly(fc.constant(86_400), fc.constant(60)),
  lastError: fc.option(fc.constant("boom|x")),
  nominalMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
});

it("writes the same bytes to the stream as the bus, and the same outbox entry as a settle", async () => {
  let inPlace = 0;
  await fc.assert(
    fc.asyncProperty(anyOneTime, async ({ nominalMs, lastError, ...more }) => {
      const made = oneTime(nominalMs, more);
      const schedule = { ...made, state: { ...made.state, lastError, executionCount: 3, revision: 9 } };
      const input = create(schedule, [{ nominalMs, effectiveMs: now - 1000 }]);
      await hot.put(input);
      await readOutbox(hot);
      const { claims, published, nowMs } = await claim();
      expect(claims.length + published.count).toBe(1);
      const [only] = claims;
      if (only?.kind === "occurrence") {
        await hot.settle([done(only)]);
        await readOutbox(hot);
        return;
      }
      inPlace += 1;
      expect(published).toEqual({ count: 1, topics: [[schedule.topic, 1]], effective: [[now - 1000, 1]] });
      const entry = (await entries(schedule.topic)).at(-1);
      expect(entry?.values).toEqual(message(schedule, nominalMs, nowMs));
      const attempts = [{ n: 1, at: nowMs, durationMs: 0, workerId: 'w"1', errorClass: null, error: null }];
      const outcome = { firedAt: nowMs, endedAt: nowMs, publishMs: 0, workerId: 'w"1', offset: entry?.id, attempts };
      await twin.put(input);
      await readOutbox(twin);
      await twin.settle([done(await claimOne(twin), delta(outcome))]);
      const [ours, theirs] = [await readOutbox(hot), await readOutbox(twin)];
      // The schedule was stored in the two tiers at different times.
      for (const row of theirs.executions) row.enteredRedisAt = ours.executions[0]?.enteredRedisAt as number;
      expect(ours).toEqual(theirs);
      const ids = [schedule.scheduleId];
      const fences = await hot.fences(ids);
      expect(fences).toEqual(await twin.fences(ids));
      expect(fences[0] !== null).toBe(schedule.sourceId !== null);
      expect(await hot.stats()).toMatchObject({ pending: 0, running: 0 });
    }),
    { numRuns: 400 },
  );
  expect(inPlace).toBeGreaterThan(100);
}, 120_000);

const plain = (more: Partial<Schedule> = {}) => oneTime(now - 1000, more);
const put = (...schedules: Schedule[]) => hot.putMany(schedules.map((one) => create(one)));

describe("claims instead of publishing in place", () => {
  it.each<[string, () => Schedule]>([
    ["a recurring schedule", () => recurring({})],
    ["a schedule with custom headers", () => plain({ headers: { x: "1" } })],
    ["a schedule with a raw value", () => plain({ rawValue: true })],
    ["a schedule with an encrypted payload", () => plain({ payload: sealedText("a.b.c.d.e") })],
    ["a schedule with its own max_delay", () => plain({ maxDelaySeconds: 60 })],
    ["a schedule with text that JSON escapes", () => plain({ action: 'say "x"' })],
    ["a schedule whose id is not a UUID", () => plain({ scheduleId: "x".repeat(21) })],
    ["a schedule of a delayed topic", () => plain({ topic: "stufio.events.delayed.more" })],
    ["a schedule of an illegal topic", () => plain({ topic: "no topic" })],
    ["a large schedule", () => plain({ payload: JSON.stringify("x".repeat(70_000)) })],
    ["a schedule that is more than a day late", () => oneTime(now - DAY - 1000)],
  ])("%s", async (what, make) => {
    const schedule = make();
    await hot.put(
      what === "a recurring schedule"
        ? create(schedule, [{ nominalMs: now - 9, effectiveMs: now - 9 }])
        : create(schedule),
    );
    const { claims, published } = await claim();
    expect([claims.length, published.count]).toEqual([1, 0]);
  });

  it("an occurrence of a topic in `claimOnly`", async () => {
    await put(plain({ topic: "a" }), plain({ topic: "b" }));
    const { claims, published } = await claim({ claimOnly: ["a", "c"] });
    expect(claims).toMatchObject([{ schedule: { topic: "a" } }]);
    expect(published.topics).toEqual([["b", 1]]);
  });

  it("a later occurrence of a topic whose earlier occurrence was claimed, to keep the order", async () => {
    const due = (ms: number, more: Partial<Schedule>) => oneTime(now - ms, more);
    await put(
      due(50, { topic: "a", payload: "1" }),
      due(40, { topic: "a", payload: "2", headers: { x: "1" } }),
      due(30, { topic: "a", payload: "3" }),
      due(20, { topic: "b", payload: "4" }),
    );
    const { claims, published } = await claim();
    expect(published.topics.sort()).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    expect(claims.map((one) => one.schedule.payload)).toEqual(["2", "3"]);
  });

  it("a manual run", async () => {
    const schedule = oneTime(now + DAY);
    await put(schedule);
    const key = `${schedule.scheduleId}@manual:1`;
    const times = { nominalMs: now, effectiveMs: now - 1, trigger: "manual" as const };
    await hot.enqueue({ schedule, instance: { key, ...times, actor: "ann", lane: null } });
    expect((await claim()).claims).toMatchObject([{ key }]);
  });
});

it("claims an occurrence that its stream refuses, and publishes the other occurrences", async () => {
  await redis.set(`${prefix}bus:broken`, "no stream");
  await put(plain({ topic: "broken" }), plain({ topic: "broken" }), plain({ topic: "orders" }));
  const { claims, published } = await claim();
  expect(claims.map((one) => one.schedule.topic)).toEqual(["broken", "broken"]);
  expect(published.topics).toEqual([["orders", 1]]);
});

it("counts published and claimed occurrences towards the limit; the next call takes the rest", async () => {
  await put(...Array.from({ length: 7 }, (_, i) => plain(i % 2 ? { headers: { x: "1" }, topic: "b" } : {})));
  const first = await claim({ limit: 5 });
  expect(first.claims.length + first.published.count).toBe(5);
  const rest = await claim({ limit: 5 });
  expect(rest.claims.length + rest.published.count).toBe(2);
});

it("keeps the order of due occurrences in a topic", async () => {
  const schedules = Array.from({ length: 40 }, (_, i) => oneTime(now - 1000 + i, { payload: String(i) }));
  await put(...schedules.toReversed());
  await claim();
  const values = (await entries("orders")).map(({ values }) => JSON.parse(values[1] ?? "").payload);
  expect(values).toEqual(schedules.map((_, i) => i));
});

it("keeps a stream at about its maximum length", async () => {
  ({ hot, prefix } = freshTier(redis, 1, { maxEntries: 100, untrimmedPrefix: "stufio.events.delayed" }));
  await put(...Array.from({ length: 1000 }, () => plain()));
  for (let calls = 0; calls < 4; calls += 1) await claim({ limit: 250 });
  // Redis trims by whole nodes of up to 100 entries, after each claim of 250.
  expect(await redis.xlen(`${prefix}bus:orders`)).toBeLessThan(350);
});

it("claims occurrences that cannot be published because Redis is full", async () => {
  const own = await openSingleRedis(["--maxmemory-policy", "noeviction"]);
  try {
    ({ hot, prefix } = freshTier(own.redis, 1, { maxEntries: 1_000_000, untrimmedPrefix: "stufio.events.delayed" }));
    await markFilled(hot);
    await put(plain());
    await own.redis.config("SET", "maxmemory", "1");
    const found = await claim();
    expect([found.claims.length, found.published.count]).toEqual([1, 0]);
    expect(await own.redis.exists(`${prefix}bus:orders`)).toBe(0);
  } finally {
    await own.stop();
  }
});

it("does not promote a published schedule again", async () => {
  const schedule = plain();
  const far = { ...schedule, state: { ...schedule.state, tier: "clickhouse" as const } };
  const row = { schedule: far, plan: [{ nominalMs: now - 1000, effectiveMs: now - 1000 }] };
  expect(await hot.promote([row])).toEqual(["promoted"]);
  expect((await claim()).published.count).toBe(1);
  expect(await hot.promote([row])).toEqual(["fenced"]);
});
