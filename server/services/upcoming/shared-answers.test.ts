import { beforeEach, describe, expect, it } from "vitest";
import { createSharedAnswers, type SharedAnswers } from "./shared-answers";

let nowMs: number;
let computedCount: number;
let answers: SharedAnswers;
beforeEach(() => {
  nowMs = 1_000_000;
  computedCount = 0;
  answers = createSharedAnswers(() => nowMs);
});

/** A computation that takes `tookMs` by the clock of the test. */
const compute = (tookMs: number) => async () => {
  computedCount += 1;
  nowMs += tookMs;
  return computedCount;
};

describe("shared answers", () => {
  it("are computed once for concurrent callers, with the time at which the computation began", async () => {
    const [one, other] = await Promise.all([answers.get("a", compute(10)), answers.get("a", compute(10))]);
    expect([one, other, computedCount]).toEqual([{ value: 1, atMs: 1_000_000 }, { value: 1, atMs: 1_000_000 }, 1]);
  });

  it.each([
    ["15 s after a fast computation", 10, 14_980, 20],
    ["20 times the duration of a slow computation", 2000, 37_900, 200],
  ])("are fresh for %s", async (_, tookMs, laterMs, moreMs) => {
    const fresh = { fresh: true };
    await answers.get("a", compute(tookMs), fresh);
    nowMs += laterMs;
    expect((await answers.get("a", compute(0), fresh)).value).toBe(1);
    nowMs += moreMs;
    expect((await answers.get("a", compute(0), fresh)).value).toBe(2);
  });

  it("are served with their time for five more minutes, while a new answer is computed once", async () => {
    await answers.get("a", compute(0));
    nowMs += 15_000 + 299_000;
    const old = { value: 1, atMs: 1_000_000 };
    expect(await Promise.all([answers.get("a", compute(0)), answers.get("a", compute(0))])).toEqual([old, old]);
    expect(await answers.get("a", compute(0))).toEqual({ value: 2, atMs: nowMs });
    expect(computedCount).toBe(2);
    nowMs += 15_000 + 300_000;
    expect((await answers.get("a", compute(0))).value).toBe(3);
  });

  it("are still served if the renewal fails, and the next caller renews again", async () => {
    const fail = () => Promise.reject(new Error("away"));
    await answers.get("a", compute(0));
    nowMs += 20_000;
    expect((await answers.get("a", fail)).value).toBe(1);
    await expect(answers.get("a", fail, { fresh: true })).rejects.toThrow("away");
    expect((await answers.get("a", compute(0))).value).toBe(1);
    expect((await answers.get("a", compute(0))).value).toBe(2);
  });

  it("are not kept if the computation fails", async () => {
    const fail = () => Promise.reject(new Error("away"));
    await expect(answers.get("a", fail)).rejects.toThrow("away");
    expect((await answers.get("a", compute(0))).value).toBe(1);
  });

  it("are at most 24, and the least recently used answer is dropped", async () => {
    for (let n = 0; n < 24; n++) await answers.get(`k${n}`, compute(0));
    await answers.get("k0", compute(0));
    await answers.get("one more", compute(0));
    expect((await answers.get("k0", compute(0))).value).toBe(1);
    expect((await answers.get("k1", compute(0))).value).toBe(26);
  });
});
