import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import {
  claimAll,
  create,
  freshTier,
  oneTime,
  openTestRedis,
  removed,
  type TestRedis,
} from "./testing/hot-tier-fixture";

let server: TestRedis;
let hot: HotTier;
let now: number;

beforeAll(async () => {
  server = await openTestRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  ({ hot } = freshTier(server.redis));
  now = await hot.now();
});

const HOUR = 3_600_000;

describe("the answer to an idempotency key", () => {
  const answer = (value: string | null, name = "digest") => ({ name, value, ttlMs: 60_000 });
  const answerKey = { shard: 0, name: "digest" };

  it("is stored with the schedule, and a second put only returns it", async () => {
    const [first, second] = [oneTime(now + HOUR), oneTime(now + HOUR)];
    expect(await hot.put({ ...create(first), answer: answer("one") })).toMatchObject({ status: "stored" });
    expect(await hot.put({ ...create(second), answer: answer("two") })).toEqual({ status: "answered", answer: "one" });
    expect(await hot.getMany([second.scheduleId])).toEqual([null]);
    expect(await hot.answers.read(answerKey)).toBe("one");
  });

  it("is not stored if the put fails, and is removed when the create is undone", async () => {
    const schedule = oneTime(now + HOUR);
    await hot.put(create(schedule));
    expect(await hot.put({ ...create(schedule), answer: answer("x") })).toEqual({ status: "exists" });
    expect(await hot.answers.read(answerKey)).toBeNull();
    const other = oneTime(now + HOUR);
    await hot.put({ ...create(other), answer: answer("x") });
    expect(await hot.put({ ...removed(other), answer: answer(null) })).toMatchObject({ status: "stored" });
    expect(await hot.answers.read(answerKey)).toBeNull();
  });

  it("is stored once with a manual run", async () => {
    const schedule = oneTime(now + HOUR);
    await hot.put(create(schedule));
    const run = (key: string) => ({
      schedule,
      instance: {
        key: `${schedule.scheduleId}@${key}`,
        nominalMs: now,
        effectiveMs: now,
        trigger: "manual" as const,
        actor: null,
        lane: null,
      },
    });
    expect(await hot.enqueueOnce({ ...run("manual:a"), answer: answer("one") })).toEqual({ status: "added" });
    expect(await hot.enqueueOnce({ ...run("manual:b"), answer: answer("two") })).toEqual({
      status: "answered",
      answer: "one",
    });
    expect(await hot.enqueueOnce({ ...run("manual:a"), answer: answer("x", "other") })).toEqual({ status: "present" });
    expect(await hot.answers.read({ shard: 0, name: "other" })).toBeNull();
    expect(await claimAll(hot)).toHaveLength(1);
  });
});

describe("the claim on an idempotency key", () => {
  const answerKey = { shard: 0, name: "digest" };

  it("has one holder, passes to a repetition of the request after it expires, and is not ended by a former holder", async () => {
    // A stored value is `fingerprint|until|body`; `until` is empty once the request has ended.
    const begin = (fingerprint: string, body: string, lockMs = 60_000) =>
      hot.answers.begin({ ...answerKey, fingerprint, body, lockMs, ttlMs: 60_000 });
    const first = await begin("f", "a", 0);
    expect(first).toMatchObject({ status: "claimed", value: expect.stringMatching(/^f\|\d+\|a$/) });
    const second = await begin("f", "b");
    expect(second).toMatchObject({ status: "taken_over", value: expect.stringMatching(/^f\|\d+\|a$/) });
    expect(await begin("f", "c")).toEqual({ status: "known", value: second.value });
    expect(await begin("g", "c")).toEqual({ status: "known", value: second.value });
    const end = (expected: string, value: string | null) =>
      hot.answers.end({ ...answerKey, expected, value, ttlMs: 60_000 });
    expect(await end(first.value, "f||late")).toBe(false);
    expect(await end(second.value, "f||done")).toBe(true);
    expect(await begin("f", "d", 0)).toEqual({ status: "known", value: "f||done" });
    expect(await end("f||done", null)).toBe(true);
    expect(await begin("f", "d")).toMatchObject({ status: "claimed" });
  });
});
