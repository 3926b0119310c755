import { describe, expect, it, test } from "vitest";
import {
  afterCalls,
  type Breaker,
  beginTrial,
  CAUSE_CHECK_MS,
  CLOSED,
  causeCheckIsDue,
  causeIsGone,
  endTrial,
  isServiceFailure,
  OPEN_MS,
  type Tally,
  TRIAL_MS,
  trialIsDue,
  trialNow,
} from "./breaker";

const NOW = 1_000_000;
const failed = (count: number): Tally => ({ ok: 0, failed: count, error: "gone" });
const ok: Tally = { ok: 1, failed: 0, error: null };
const nothing: Tally = { ok: 0, failed: 0, error: null };
const closed = (failures: number): Breaker => ({ ...CLOSED, failures, error: failures > 0 ? "gone" : null });
const open: Breaker = {
  state: "open",
  failures: 5,
  openedAtMs: NOW,
  nextTrialAtMs: NOW + OPEN_MS,
  trial: null,
  error: "gone",
};
/** During a trial by the worker w1. */
const trying: Breaker = { ...open, state: "half_open", trial: "w1", nextTrialAtMs: NOW + OPEN_MS + TRIAL_MS };

it("opens after five failures in a row and allows a trial 60 s later, as in the contract", () => {
  let breaker = CLOSED;
  for (let failures = 1; failures < 5; failures += 1) {
    breaker = afterCalls(breaker, failed(1), NOW);
    expect(breaker.state).toBe("closed");
  }
  breaker = afterCalls(breaker, failed(1), NOW);
  expect(breaker.state).toBe("open");
  expect([trialIsDue(breaker, NOW + 59_999), trialIsDue(breaker, NOW + 60_000)]).toEqual([false, true]);
});

test.each([
  ["broker_connection", true],
  ["publish", true],
  ["bad_payload", false],
] as const)("a failure of the class %s is a failure of the service: %s", (errorClass, expected) => {
  expect(isServiceFailure(errorClass)).toBe(expected);
});

describe("calls", () => {
  test.each([
    ["a success keeps a closed breaker closed", CLOSED, ok, CLOSED],
    ["four failures in a row are counted", closed(3), failed(1), closed(4)],
    ["the fifth failure in a row opens the breaker", closed(4), failed(1), open],
    ["five failures of one batch open the breaker", CLOSED, failed(5), open],
    ["a success resets the count", closed(4), ok, CLOSED],
    ["a success beside failures shows that the service works", closed(4), { ...failed(9), ok: 1 }, CLOSED],
    ["invalid messages do not count", closed(4), nothing, closed(4)],
    ["a late success does not close an open breaker", open, ok, open],
    ["late failures do not delay the trial", open, failed(100), open],
    ["results of other calls do not count during a trial", trying, failed(7), trying],
  ])("%s", (_, before, tally, after) => {
    expect(afterCalls(before, tally, NOW)).toEqual(after);
  });
});

describe("a trial", () => {
  test.each([
    ["does not begin for a closed breaker", CLOSED, NOW, null],
    ["does not begin before its time", open, NOW + OPEN_MS - 1, null],
    ["begins 60 s after the breaker opened", open, NOW + OPEN_MS, trying],
    ["does not begin during another trial", trying, NOW + OPEN_MS + TRIAL_MS - 1, null],
  ])("%s", (_, before, at, after) => {
    expect(beginTrial(before, "w1", at)).toEqual(after);
    expect(trialIsDue(before, at)).toBe(after !== null);
  });

  it("is replaced if it does not end in time, and its late result is ignored", () => {
    const at = NOW + OPEN_MS + TRIAL_MS;
    const second = beginTrial(trying, "w2", at) as Breaker;
    expect(second).toMatchObject({ state: "half_open", trial: "w2", nextTrialAtMs: at + TRIAL_MS });
    expect(endTrial(second, { by: "w1", tally: ok, nowMs: at })).toBe(second);
    expect(endTrial(second, { by: "w2", tally: ok, nowMs: at })).toEqual(CLOSED);
  });

  const at = NOW + OPEN_MS + 50;
  test.each([
    ["that succeeds closes the breaker", trying, ok, CLOSED],
    [
      "that fails opens the breaker for another 60 s",
      trying,
      failed(1),
      { ...open, failures: 6, nextTrialAtMs: at + OPEN_MS },
    ],
    [
      "without a result, because of a bad message, makes the next trial due",
      trying,
      nothing,
      { ...open, nextTrialAtMs: at },
    ],
    ["changes nothing if the breaker was reset", CLOSED, failed(1), CLOSED],
    ["changes nothing if the breaker was reset and opened again", open, ok, open],
  ])("%s", (_, before, tally, after) => {
    expect(endTrial(before, { by: "w1", tally, nowMs: at })).toEqual(after);
  });
});

describe("a cause check", () => {
  const check = (blocked: boolean, openedAtMs = NOW) => ({ openedAtMs, atMs: NOW, blocked });
  test.each([
    ["gone if it was found earlier and is not found now", check(true), check(false), true],
    ["not gone while it is found", check(true), check(true), false],
    ["not gone if it was never found", undefined, check(false), false],
    ["not gone if the last check did not find it", check(false), check(false), false],
    ["not gone if it was found for an earlier opening", check(true, NOW - 1), check(false), false],
  ])("finds the cause %s", (_, last, now, gone) => {
    expect(causeIsGone(last, now)).toBe(gone);
  });

  test.each([
    ["immediately after the opening", undefined, 0, true],
    ["immediately after another opening", check(true, NOW - 1), 0, true],
    ["not before its interval has passed", check(true), CAUSE_CHECK_MS - 1, false],
    ["after its interval", check(true), CAUSE_CHECK_MS, true],
  ])("is due %s", (_, last, afterMs, due) => {
    expect(causeCheckIsDue(last, NOW, NOW + afterMs)).toBe(due);
  });

  test.each([
    ["the trial of an open breaker is due now", open, { ...open, nextTrialAtMs: NOW + 1 }],
    ["a trial that is due stays unchanged", { ...open, nextTrialAtMs: NOW }, { ...open, nextTrialAtMs: NOW }],
    ["a trial in progress continues", trying, trying],
    ["a closed breaker stays closed", CLOSED, CLOSED],
  ])("that finds the cause gone changes only a waiting trial: %s", (_, before, after) => {
    expect(trialNow(before, NOW + 1)).toEqual(after);
  });
});

it("a breaker changes its state: closed, open, a failed trial, open, a successful trial, closed", () => {
  let breaker = CLOSED;
  for (let i = 0; i < 5; i += 1) breaker = afterCalls(breaker, failed(1), NOW + i);
  expect(breaker).toMatchObject({ state: "open", openedAtMs: NOW + 4 });
  breaker = beginTrial(breaker, "w1", NOW + 4 + OPEN_MS) as Breaker;
  breaker = endTrial(breaker, { by: "w1", tally: failed(1), nowMs: NOW + 5 + OPEN_MS });
  expect(breaker).toMatchObject({ state: "open", openedAtMs: NOW + 4, nextTrialAtMs: NOW + 5 + 2 * OPEN_MS });
  breaker = beginTrial(breaker, "w2", NOW + 5 + 2 * OPEN_MS) as Breaker;
  expect(endTrial(breaker, { by: "w2", tally: ok, nowMs: NOW + 6 + 2 * OPEN_MS })).toBe(CLOSED);
});
