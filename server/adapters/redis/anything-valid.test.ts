import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { occurrenceKey } from "~/server/domain/ids";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import {
  claimAll,
  claimOne,
  create,
  done,
  edited,
  freshTier,
  oneTime,
  openSingleRedis,
  readOutbox,
  recurring,
  removed,
  untilPast,
} from "./testing/hot-tier-fixture";

/*
 * Encodes random values of all kinds that the APIs accept, and runs the scripts of an occurrence on the result. No
 * script may raise an error, and each occurrence must end once.
 */

let server: Awaited<ReturnType<typeof openSingleRedis>>;

beforeAll(async () => {
  server = await openSingleRedis();
});
afterAll(() => server.stop());

/** The last time that a JavaScript date can have. */
const LAST_DATE_MS = 8.64e15;
/** Any characters, with many separators of the stored formats, unpaired surrogates and NUL. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom("|", "\n", "\r", "@", "#", ":", ",", ";", "%", '"', "\\", "\0", "é"),
    maxLength: 8,
  }),
  fc.constantFrom("", "\ud800", "a\udfffb", "-", "@-1", "x".repeat(300), "٣", "\u2028"),
);
/** Any JavaScript date, often a date at which the sign or the number of digits of the ms or of the year changes. */
const time = fc.oneof(
  fc.integer({ min: -LAST_DATE_MS, max: LAST_DATE_MS }),
  fc.constantFrom(-62_135_596_800_000, -1, 0, 1, 999, 1e11, 253_402_300_799_999, LAST_DATE_MS, -LAST_DATE_MS),
);
const payload = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.integer({ min: 1, max: 3000 }).map((depth) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`),
  text.map((value) => JSON.stringify({ [value]: value })),
);
const count = fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 10 }));

const definition = fc.record({
  name: fc.option(text),
  description: text,
  tags: fc.array(text, { maxLength: 3 }),
  topic: fc.stringMatching(/^[a-zA-Z0-9._-]{1,20}$/).filter((topic) => topic !== "." && topic !== ".."),
  entityType: text,
  entityId: fc.option(text),
  action: text,
  actorId: text,
  payload,
  rawValue: fc.boolean(),
  headers: fc.dictionary(fc.stringMatching(/^[\x21-\x7e]{1,8}$/), text, { maxKeys: 3 }),
  correlationId: fc.oneof(fc.uuid(), text),
  priority: fc.integer({ min: 0, max: 9 }),
  source: fc.constantFrom("kafka_delayed" as const, "api_request" as const, "code" as const),
  sourceId: fc.option(text),
  maxDelaySeconds: fc.integer({ min: 1, max: 31_536_000 }),
  startAt: fc.option(time),
  endAt: fc.option(time),
  pauseNote: fc.option(text),
  createdBy: text,
  createdAt: time,
  updatedAt: time,
});
const history = fc.record({
  executionCount: count,
  errorCount: count,
  lastExecution: fc.option(time),
  lastStatus: fc.constantFrom(null, "succeeded" as const, "dead" as const, "cancelled" as const),
  lastError: fc.option(text),
});
/** The text as Redis returns it: UTF-8 cannot encode an unpaired surrogate. */
const wellFormed = (value: string) => value.replace(/\p{Surrogate}/gu, "\ufffd");

async function freshHotTier(inPlace: boolean): Promise<{ hot: HotTier; now: number }> {
  const { hot } = freshTier(
    server.redis,
    1,
    inPlace ? { maxEntries: 1000, untrimmedPrefix: "stufio.events.delayed" } : null,
  );
  return { hot, now: await hot.now() };
}

/** A claim returns the plan instead of an occurrence that is late by more than the grace. */
const UNLIMITED_GRACE = { graceMs: 2 * LAST_DATE_MS };
const withoutJitter = (nominalMs: number): PlannedOccurrence => ({ nominalMs, effectiveMs: nominalMs });

it("a one-time schedule with any valid content is retried, held, drained, rescued and ended", async () => {
  await fc.assert(
    fc.asyncProperty(definition, history, time, text, async (content, state, nominalMs, error) => {
      const { hot, now } = await freshHotTier(false);
      const made = oneTime(nominalMs, content);
      const schedule: Schedule = { ...made, state: { ...made.state, ...state } };
      const due = nominalMs <= now;
      // A claim compares only the effective time, so a future occurrence is due with an effective time in the past.
      const planned = { nominalMs, effectiveMs: due ? nominalMs : now - 1 };
      expect((await hot.put(create(schedule, [planned]))).status).toBe("stored");
      const first = await claimOne(hot, UNLIMITED_GRACE);
      expect(first).toMatchObject({ nominalMs, key: occurrenceKey(schedule.scheduleId, nominalMs) });
      expect(first.schedule.payload).toBe(wellFormed(content.payload));
      expect(first.schedule.name).toBe(content.name);
      const attempt = { n: 1, at: now, durationMs: 0.125, workerId: error, errorClass: "publish", error };
      expect(
        await hot.settle([{ kind: "retry", claim: first, atMs: now - 5, attempts: [attempt], tail: null }]),
      ).toEqual(["settled"]);
      const second = await claimOne(hot, UNLIMITED_GRACE);
      expect(second.attempts).toEqual([attempt]);
      expect(await hot.settle([{ kind: "hold", claim: second, untilMs: now, tail: null }])).toEqual(["settled"]);
      expect((await hot.heldTopics()).map((one) => [one.topic, one.count])).toEqual([[content.topic, 1]]);
      expect((await hot.listInstances({ limit: 10 })).map((one) => one.nominalMs)).toEqual([nominalMs]);
      expect(await hot.drainHeld({ shard: 0, topic: content.topic, limit: 10 })).toBe(1);
      await claimOne(hot, { ...UNLIMITED_GRACE, leaseMs: 1 });
      await untilPast(hot, (await hot.now()) + 1);
      expect(await hot.rescue({ shard: 0, limit: 10 })).toBe(1);
      const last = await claimOne(hot, UNLIMITED_GRACE);
      expect(await hot.settle([done(last, { error, outcome: "dead", actor: error })])).toEqual(["settled"]);
      const { executions, schedules, documents } = await readOutbox(hot);
      expect(executions.map((row) => [row.scheduledFor, row.outcome, row.attempts.length])).toEqual([
        [nominalMs, "dead", 1],
      ]);
      expect(schedules.at(-1)?.state).toMatchObject({ completed: true, executionCount: state.executionCount + 1 });
      expect(documents).toEqual([]);
      expect(await hot.stats()).toMatchObject({ pending: 0, running: 0, held: 0 });
    }),
    { numRuns: 40 },
  );
}, 60_000);

it("a plain one-time schedule is published in place or claimed, and ends once", async () => {
  await fc.assert(
    fc.asyncProperty(definition, history, time, async (content, state, nominalMs) => {
      const { hot, now } = await freshHotTier(true);
      const made = oneTime(nominalMs, { ...content, maxDelaySeconds: 86_400, rawValue: false, headers: {} });
      await hot.put(create({ ...made, state: { ...made.state, ...state } }, [{ nominalMs, effectiveMs: now - 1 }]));
      const claimed = await hot.claim({
        ...{ workerId: "w", limit: 10, leaseMs: 30_000, catchUpLimit: 10, graceMs: 60_000, shard: 0 },
      });
      expect(claimed.unreadable).toEqual([]);
      expect(claimed.claims.length + claimed.published.count).toBe(1);
      const [claim] = claimed.claims;
      if (claim?.kind === "occurrence") await hot.settle([done(claim)]);
      const { executions, documents } = await readOutbox(hot);
      expect(executions.map((row) => row.scheduledFor)).toEqual([nominalMs]);
      expect(documents).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

it("a recurring schedule with any valid times is planned, edited, replanned, promoted and deleted", async () => {
  const times = fc.uniqueArray(time, { minLength: 3, maxLength: 6 }).map((all) => all.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(definition, history, times, text, async (content, state, nominals, error) => {
      const { hot, now } = await freshHotTier(false);
      const made = recurring(content);
      const schedule: Schedule = { ...made, state: { ...made.state, ...state } };
      const plan = nominals.map(withoutJitter);
      await hot.put(create(schedule, plan));
      const [claim] = await claimAll(hot, UNLIMITED_GRACE);
      // If all times are in the future, nothing is due.
      if ((nominals[0] as number) > now) return;
      if (claim?.kind !== "occurrence") throw new Error("an occurrence was expected");
      expect([claim.nominalMs, claim.planLeft]).toEqual([nominals[0], plan.slice(1)]);
      const tail = { kind: "hot" as const, more: [withoutJitter(LAST_DATE_MS)] };
      expect(await hot.settle([done(claim, { error, outcome: "dead" }, tail)])).toEqual(["settled"]);
      await hot.upcoming({ limit: 10 });
      const [hotRow] = await hot.getMany([schedule.scheduleId]);
      // With a negative grace, every due occurrence is late, so that its claim returns the plan.
      const [planClaim] = await claimAll(hot, { graceMs: -2 * LAST_DATE_MS });
      if (planClaim?.kind === "plan") {
        expect(planClaim.lastNominalMs).toBe(nominals[0]);
        const longTermTail = { kind: "far" as const, nextExecution: LAST_DATE_MS };
        expect(await hot.replan({ claim: planClaim, executions: [], instances: [], tail: longTermTail })).toBe(
          "settled",
        );
        const row = {
          ...schedule,
          state: { ...schedule.state, revision: 1_000_000, nextExecution: nominals[1] ?? null },
        };
        expect(await hot.promote([{ schedule: row, plan: [withoutJitter(nominals[1] as number)] }])).toEqual([
          "promoted",
        ]);
      }
      const changed = edited(hotRow as Schedule, { description: error });
      expect((await hot.put({ ...create(changed, plan), expectedVersion: schedule.version })).status).toBe("stored");
      expect((await hot.put(removed(changed))).status).toBe("stored");
      const { executions, schedules, documents } = await readOutbox(hot);
      expect(executions.map((row) => row.scheduledFor)).toEqual([nominals[0]]);
      expect(schedules.at(-1)?.state.deleted).toBe(true);
      expect(documents).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

it.each([
  ["a time that is not a number", { executionTime: Number.NaN }],
  ["a time that is not an integer", { executionTime: 0.5 }],
  ["a time beyond the safe integers", { executionTime: 1e21 }],
  ["a priority without a lane", { priority: 10 }],
  ["an infinite version", { version: Number.POSITIVE_INFINITY }],
  ["a negative version", { version: -1 }],
])("the encoder refuses %s before anything is written", async (_, invalid) => {
  const { hot } = await freshHotTier(false);
  await expect(hot.put(create(oneTime(1, invalid)))).rejects.toMatchObject({ name: "DataFault" });
  expect(await hot.stats()).toMatchObject({ pending: 0, outboxDepth: 0 });
});

it.each(["revision", "executionCount", "errorCount", "runsTaken"] as const)(
  "the encoder refuses a negative %s",
  async (name) => {
    const { hot } = await freshHotTier(false);
    const schedule = recurring({ maxRuns: 5 });
    const put = (value: number) => hot.put(create({ ...schedule, state: { ...schedule.state, [name]: value } }));
    const message = expect.stringContaining("must be a whole number of at least 0, got -1");
    await expect(put(-1)).rejects.toMatchObject({ name: "DataFault", message });
    expect(await hot.stats()).toMatchObject({ pending: 0, outboxDepth: 0 });
    expect((await put(1)).status).toBe("stored");
  },
);
