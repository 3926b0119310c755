import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { FiringPause } from "~/server/ports/hot/pause";
import { markFilled } from "~/server/testing/mark-filled";
import type { Redis } from "./connection/redis-types";
import {
  create,
  done,
  freshTier,
  oneTime,
  openSingleRedis,
  planOf,
  readOutbox,
  recurring,
} from "./testing/hot-tier-fixture";

let server: Awaited<ReturnType<typeof openSingleRedis>>;
let redis: Redis;
let hot: HotTier;
let prefix: string;
let now: number;

const FOREVER: FiringPause = { untilMs: null };

beforeAll(async () => {
  server = await openSingleRedis();
  redis = server.redis;
});
afterAll(() => server.stop());
beforeEach(async () => {
  ({ hot, prefix } = freshTier(redis, 1, { maxEntries: 1000, untrimmedPrefix: "-" }));
  await markFilled(hot);
  now = await hot.now();
});

/** `streams: false`: claims the events of the topic instead of publishing them in place. */
const claim = (options: { streams?: boolean; previousPause?: FiringPause | null } = {}) =>
  hot.claim({
    ...{ workerId: "w", limit: 500, leaseMs: 30_000, catchUpLimit: 500, graceMs: 60_000, shard: 0 },
    claimOnly: options.streams === false ? ["orders"] : [],
    previousPause: options.previousPause,
  });
const published = () => redis.xlen(`${prefix}bus:orders`);
const runBesidePlan = (trigger: "manual" | "replay" | "catch_up") => {
  const schedule = oneTime(now + 3_600_000);
  const key = `${schedule.scheduleId}@manual:${randomUUID()}`;
  const instance = { key, nominalMs: now - 1, effectiveMs: now - 1, trigger, actor: "ana", lane: null };
  return { schedule, instance };
};

describe("while all firing is paused", () => {
  it.each([
    ["published in place", true],
    ["claimed", false],
  ])("a due one-time event is not %s, and has one outcome after the resume", async (_, streams) => {
    await hot.put(create(oneTime(now - 1000)));
    await hot.setPause(FOREVER);
    for (let n = 0; n < 3; n += 1) {
      expect(await claim({ streams })).toMatchObject({ claims: [], pause: FOREVER, published: { count: 0 } });
    }
    expect(await published()).toBe(0);
    await hot.setPause(null);
    const found = await claim({ streams });
    expect(found.pause).toBeNull();
    expect(found.claims.length + found.published.count).toBe(1);
    const [claimed] = found.claims;
    if (claimed?.kind === "occurrence") await hot.settle([done(claimed)]);
    expect((await readOutbox(hot)).executions).toHaveLength(1);
    expect(await claim({ streams })).toMatchObject({ claims: [], published: { count: 0 } });
  });

  it("the plan of a recurring schedule does not advance, and the claim after the resume takes all of it", async () => {
    const plan = planOf(now - 240_000, now - 180_000, now - 120_000);
    await hot.put(create(recurring(), plan));
    await hot.setPause(FOREVER);
    expect((await claim()).claims).toEqual([]);
    await hot.setPause(null);
    expect((await claim()).claims).toMatchObject([{ kind: "plan", plan }]);
  });

  it.each(["manual", "replay"] as const)("a %s run fires, but planned and caught-up runs do not", async (trigger) => {
    await hot.setPause(FOREVER);
    await hot.put(create(oneTime(now - 1000)));
    await hot.enqueue(runBesidePlan("catch_up"));
    const requested = runBesidePlan(trigger);
    await hot.enqueue(requested);
    const { claims } = await claim();
    expect(claims).toMatchObject([{ key: requested.instance.key, trigger }]);
    expect((await claim()).claims).toEqual([]);
  });

  it("the retry of a run that was claimed before the pause waits for the resume", async () => {
    const before = runBesidePlan("manual");
    await hot.enqueue(before);
    const [claimed] = (await claim()).claims;
    await hot.setPause(FOREVER);
    if (claimed?.kind !== "occurrence") throw new Error("a claim was expected");
    expect(await hot.settle([{ kind: "retry", claim: claimed, atMs: now - 1, attempts: [], tail: null }])).toEqual([
      "settled",
    ]);
    expect((await claim()).claims).toEqual([]);
    await hot.setPause(null);
    expect((await claim()).claims).toMatchObject([{ key: before.instance.key }]);
  });

  it("a requested run that waits for a worker has its due time", async () => {
    await hot.setPause(FOREVER);
    const requested = runBesidePlan("replay");
    await hot.enqueue(requested);
    const { key } = requested.instance;
    expect((await hot.inFlight([key])).get(key)).toMatchObject({ dueAtMs: now - 1, isHeld: false });
  });

  it("no held event is claimed as a trial", async () => {
    const event = oneTime(now - 1000);
    await hot.put(create(event));
    const [claimed] = (await claim({ streams: false })).claims;
    if (claimed?.kind !== "occurrence") throw new Error("a claim was expected");
    await hot.settle([{ kind: "hold", claim: claimed, untilMs: now + 3_600_000, tail: null }]);
    const trial = () => hot.claimHeld({ workerId: "w", shard: 0, topic: "orders", limit: 1, leaseMs: 30_000 });
    await hot.setPause(FOREVER);
    expect(await trial()).toMatchObject({ claims: [], pause: FOREVER });
    await hot.setPause(null);
    expect((await trial()).claims).toHaveLength(1);
  });
});

it("a pause ends at its planned end, and claims return the planned end as the next due time", async () => {
  await hot.put(create(oneTime(now - 1000)));
  const untilMs = now + 1500;
  await hot.setPause({ untilMs });
  expect(await claim()).toMatchObject({ claims: [], pause: { untilMs }, nextDueMs: untilMs });
  await expect.poll(async () => (await claim()).published.count, { timeout: 10_000, interval: 50 }).toBe(1);
  expect(await hot.now()).toBeGreaterThanOrEqual(untilMs);
});

it("a shard that lost its data stays paused for a worker that knows the pause, until the rebuild ends", async () => {
  await hot.setPause(FOREVER);
  const lost = await redis.keys(`${prefix}*`);
  await redis.del(...lost);
  await hot.put(create(oneTime(now - 1000)));
  expect(await claim({ previousPause: FOREVER })).toMatchObject({
    claims: [],
    published: { count: 0 },
    pause: FOREVER,
  });
  await markFilled(hot);
  expect(await claim({ previousPause: FOREVER })).toMatchObject({ published: { count: 1 }, pause: null });
});
