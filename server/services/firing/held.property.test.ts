import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OPEN_MS } from "~/server/domain/breaker";
import { deleteChange, pauseChange } from "~/server/domain/changes/changes";
import type { Outcome, Schedule } from "~/server/domain/schedule";
import type { Claim } from "~/server/ports/hot/claims";
import { aSchedule } from "~/server/testing/schedules";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { createBreakers } from "./breakers";
import { runBreakerTrials } from "./run-breaker-trials";
import { runClaims } from "./run-claims";

/* Tests held occurrences of every kind behind an open breaker, and the trials that close the breaker. */

let stack: TestStack;
let serial = 0;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

/**
 * The kind of a held occurrence (live, manual, expired), or the change made to its schedule while it is held (paused,
 * deleted). Only recurring schedules are paused.
 */
const FATES = ["live", "paused", "expired", "deleted", "manual"] as const;
type Fate = (typeof FATES)[number];
const ENDS: Record<Fate, Outcome> = {
  live: "succeeded",
  paused: "succeeded",
  expired: "expired",
  deleted: "cancelled",
  manual: "succeeded",
};
const SECOND = 1000;
const busKey = (topic: string) => `${stack.prefix}bus:${topic}`;

interface Case {
  topics: { refuses: boolean; fates: { fate: Fate; recurring: boolean; agoSeconds: number }[] }[];
}

const cases: fc.Arbitrary<Case> = fc.record({
  topics: fc.array(
    fc.record({
      refuses: fc.boolean(),
      fates: fc.array(
        fc.record({
          fate: fc.constantFrom(...FATES),
          recurring: fc.boolean(),
          agoSeconds: fc.integer({ min: 10, max: 50 }),
        }),
        { minLength: 1, maxLength: 12 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** Topics whose breakers are open: claims do not publish their events in place. */
let openTopics: string[] = [];

async function claim(): Promise<Claim[]> {
  const limits = { workerId: "w", shard: 0, limit: 500, leaseMs: 30_000, catchUpLimit: 500, graceMs: 120_000 };
  const { claims } = await stack.deps.hot.claim({ ...limits, claimOnly: openTopics });
  return claims.filter((one): one is Claim => one.kind === "occurrence");
}

function scheduleOf(topic: string, generated: Case["topics"][number]["fates"][number]): Schedule {
  const maxDelaySeconds = generated.fate === "expired" ? 1 : 3600;
  const nominalMs = Date.now() - generated.agoSeconds * SECOND;
  const time = generated.recurring ? { cronExpression: "0 0 1 1 *" } : { executionTime: nominalMs };
  return aSchedule({ topic, maxDelaySeconds, maxRetries: 0, ...time, state: { nextExecution: nominalMs } });
}

/**
 * Creates the generated schedules, claims and holds their occurrences behind open breakers, then pauses or deletes the
 * schedules whose fate says so.
 */
async function holdAll(
  generated: Case,
): Promise<{ topics: string[]; expected: Map<string, { fate: Fate; topic: string }> }> {
  const { deps } = stack;
  const expected = new Map<string, { fate: Fate; topic: string }>();
  const topics: string[] = [];
  const changes: (() => Promise<unknown>)[] = [];
  for (const { fates } of generated.topics) {
    serial += 1;
    const topic = `held-${serial}`;
    topics.push(topic);
    for (const one of fates) {
      const schedule = scheduleOf(topic, one);
      const nominalMs = schedule.state.nextExecution as number;
      const plan = [{ nominalMs, effectiveMs: nominalMs }];
      if (one.fate === "manual") {
        const placement = { tier: "clickhouse", nextExecution: null } as const;
        await deps.hot.put({ schedule, placement, expectedVersion: null });
        const key = `${schedule.scheduleId}@manual:${serial}`;
        const times = { nominalMs, effectiveMs: nominalMs };
        await deps.hot.enqueue({ schedule, instance: { key, ...times, trigger: "manual", actor: "me", lane: null } });
      } else await deps.hot.put({ schedule, placement: { tier: "redis", plan }, expectedVersion: null });
      expected.set(schedule.scheduleId, { fate: one.fate, topic });
      const base = { current: schedule, nowMs: Date.now(), actor: "me", settings: deps.settings.current() };
      if (one.fate === "deleted") changes.push(() => deps.hot.put(deleteChange(base)));
      // A held one-time schedule can no longer be paused.
      if (one.fate === "paused" && one.recurring)
        changes.push(() => deps.hot.put(pauseChange({ ...base, note: null, untilMs: null })));
    }
  }
  openTopics = topics;
  const claims = await claim();
  expect(claims).toHaveLength(expected.size);
  const breakers = await openBreakers(topics, Date.now() + OPEN_MS);
  // Run each claim as of its effective time, so that none has expired.
  for (const one of claims) await runClaims({ deps, breakers, workerId: "w", claims: [one], nowMs: one.effectiveMs });
  expect(await heldCount(topics)).toBe(expected.size);
  for (const change of changes) await change();
  return { topics, expected };
}

async function heldCount(topics: readonly string[]): Promise<number> {
  const found = await stack.deps.hot.heldTopics();
  return found.filter(({ topic }) => topics.includes(topic)).reduce((sum, { count }) => sum + count, 0);
}

async function openBreakers(topics: readonly string[], nextTrialAtMs: number) {
  const { hot } = stack.deps;
  const breakers = createBreakers(stack.deps);
  for (const topic of topics) {
    const name = `topic:${topic}` as const;
    const from = (await hot.breakers()).get(name) ?? breakers.get(name);
    const open = { state: "open", failures: 5, openedAtMs: 1, nextTrialAtMs, trial: null, error: "gone" } as const;
    await hot.swapBreaker({ name, from, to: open });
  }
  await breakers.refresh();
  return breakers;
}

async function runDue(breakers: ReturnType<typeof createBreakers>): Promise<void> {
  for (;;) {
    const claims = await claim();
    if (claims.length === 0) return;
    await runClaims({ deps: stack.deps, breakers, workerId: "w", claims, nowMs: Date.now() });
  }
}

async function rowsOf(expected: ReadonlyMap<string, unknown>) {
  const { executions, complete } = await stack.deps.hot.unflushed({ limit: 100_000 });
  expect(complete).toBe(true);
  return executions.filter((row) => expected.has(row.scheduleId));
}

const publishes = (fate: Fate) => ENDS[fate] === "succeeded";

test("a trial counts as an attempt, expired events end without an attempt, and a recovered topic drains", async () => {
  const { deps } = stack;
  await fc.assert(
    fc.asyncProperty(cases, async (generated) => {
      const { topics, expected } = await holdAll(generated);
      const refusing = new Set(topics.filter((_, index) => generated.topics[index]?.refuses));
      for (const topic of refusing) await stack.redis.set(busKey(topic), "no stream");

      // Held events expire even if no trial is due.
      const breakers = createBreakers(deps);
      await breakers.refresh();
      await runBreakerTrials({ deps, breakers, workerId: "w" });
      await runDue(breakers);
      const early = await rowsOf(expected);
      const expired = [...expected].filter(([, { fate }]) => fate === "expired").map(([id]) => id);
      const endedExpired = early.filter((row) => row.outcome === "expired").map((row) => row.scheduleId);
      expect(endedExpired.sort()).toEqual(expired.sort());
      expect(early.filter((row) => row.outcome === "succeeded")).toEqual([]);

      await openBreakers(topics, 1);
      await breakers.refresh();
      await runBreakerTrials({ deps, breakers, workerId: "w" });
      const after = await deps.hot.breakers();
      for (const topic of topics) {
        const isTried = [...expected.values()].some((one) => one.topic === topic && publishes(one.fate));
        const state = after.get(`topic:${topic}`);
        if (isTried && refusing.has(topic)) expect(state).toMatchObject({ state: "open", failures: 6 });
        else if (isTried) expect(state).toBeUndefined();
        else expect(state).toMatchObject({ state: "open", failures: 5 });
      }

      for (const topic of refusing) await stack.redis.del(busKey(topic));
      await openBreakers(topics, 1);
      for (let n = 0; n < 4; n += 1) {
        await breakers.refresh();
        await runBreakerTrials({ deps, breakers, workerId: "w" });
        await runDue(breakers);
      }
      // If no held event is left for the trial, the next live event is the trial and is published.
      for (const topic of topics) {
        if ((await deps.hot.breakers()).get(`topic:${topic}`) === undefined) continue;
        const live = scheduleOf(topic, { fate: "live", recurring: false, agoSeconds: 0 });
        const plan = [{ nominalMs: Date.now() - 1, effectiveMs: Date.now() - 1 }];
        await deps.hot.put({ schedule: live, placement: { tier: "redis", plan }, expectedVersion: null });
        await runDue(breakers);
        expect((await deps.hot.breakers()).get(`topic:${topic}`)).toBeUndefined();
      }

      const rows = await rowsOf(expected);
      const ends = new Map(rows.map((row) => [row.scheduleId, row.outcome]));
      expect(ends.size).toBe(rows.length);
      // The event of a failed trial is dead, because it has no retries.
      const dead = rows.filter((row) => row.outcome === "dead");
      expect(new Set(dead.map((row) => row.topic)).size).toBe(dead.length);
      for (const { topic } of dead) expect(refusing.has(topic)).toBe(true);
      for (const [id, { fate }] of expected) {
        if (ends.get(id) !== "dead") expect([id, ends.get(id)]).toEqual([id, ENDS[fate]]);
      }
      expect(await heldCount(topics)).toBe(0);
    }),
    // No shrinking, because a smaller case would meet the data that the failed case left in the stores.
    { numRuns: 25, endOnFailure: true },
  );
}, 120_000);
