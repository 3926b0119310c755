import fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { occurrenceKey } from "~/server/domain/ids";
import type { Redis } from "./connection/redis-types";
import { freshTier, openTestRedis, type TestRedis } from "./testing/hot-tier-fixture";
import { Model } from "./testing/hot-tier-model";

let server: TestRedis;

beforeAll(async () => {
  server = await openTestRedis();
});
afterAll(() => server.stop());

type Step = (model: Model) => Promise<unknown>;

/** Selects a schedule or claim of the model: the index modulo their number. */
const pick = fc.nat(1000);
const HOUR = 3_600_000;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom("once" as const, "cron" as const), fc.constantFrom("hot" as const, "far" as const))
      .map(([kind, place]): Step => named(`create ${kind} ${place}`, (m) => m.create(kind, place))),
  },
  {
    weight: 6,
    arbitrary: fc
      // A lease of -1 ms has expired already. With a grace of 0, every due occurrence is late.
      .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(-1, HOUR), fc.constantFrom(0, HOUR))
      .map(
        ([limit, leaseMs, graceMs]): Step =>
          named(`claim ${limit} lease ${leaseMs} grace ${graceMs}`, (m) => m.claim(limit, { leaseMs, graceMs })),
      ),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(pick, fc.constantFrom("done" as const, "done" as const, "retry" as const, "hold" as const))
      .map(([n, how]): Step => named(`settle ${n} ${how}`, (m) => m.settle(n, how))),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("trial" as const, "drain" as const), fc.integer({ min: 1, max: 3 }))
      .map(([how, limit]): Step => named(`${how} ${limit}`, (m) => m.releaseHeld(how, limit))),
  },
  { weight: 3, arbitrary: fc.constant(named("rescue", (m) => m.rescue())) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(pick, fc.constantFrom("edit" as const, "far" as const, "delete" as const), fc.boolean())
      .map(([n, change, stale]): Step => named(`${change} ${n} stale ${stale}`, (m) => m.edit(n, change, stale))),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(pick, pick).map(([n, old]): Step => named(`promote ${n} ${old}`, (m) => m.promote(n, old))),
  },
  { weight: 1, arbitrary: pick.map((n): Step => named(`run now ${n}`, (m) => m.runNow(n))) },
  { weight: 1, arbitrary: fc.constant(named("record", (m) => m.record())) },
);

/** Gives a step a name, which fast-check prints in a failing sequence. */
function named(name: string, run: Step): Step {
  return Object.assign((model: Model) => run(model), { toString: () => name, [fc.toStringMethod]: () => name });
}

const STREAMS = { maxEntries: 1_000_000, untrimmedPrefix: "stufio.events.delayed" };

/** Returns a function that reads the keys of the occurrences published since its last call. */
function createPublishedReader(redis: Redis, prefix: string): () => Promise<string[]> {
  let last = "-";
  return async () => {
    const entries = await redis.xrange(`${prefix}bus:orders`, last, "+");
    last = entries.length > 0 ? `(${entries.at(-1)?.[0]}` : last;
    return entries.map(([, fields]) => {
      const { schedule_id: id, scheduled_for: at } = JSON.parse(fields[fields.indexOf("headers") + 1] ?? "");
      return occurrenceKey(id, Date.parse(at));
    });
  };
}

describe.each([
  ["without publishing in place", null],
  ["with publishing in place", STREAMS],
])("a hot tier %s", (_, streams) => {
  it("gives every occurrence one outcome and loses none, in any order of puts, claims, settles, holds, drains, rescues, deletes and promotions", async ({
    skip,
  }) => {
    // Scripts on a cluster use one slot, so nothing is published in place there.
    if (streams && server.redis.isCluster) skip();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60, size: "max" }), async (steps) => {
        const { hot, prefix } = freshTier(server.redis, 1, streams);
        const model = new Model(hot, await hot.now(), createPublishedReader(server.redis, prefix));
        for (const one of steps) await one(model);
        await model.finish();
      }),
      { numRuns: Number(process.env.MODEL_RUNS ?? 150), endOnFailure: false },
    );
  }, 300_000);
});
