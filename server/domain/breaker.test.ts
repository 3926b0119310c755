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
  FAILURES_TO_OPEN,
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
const trying: Breaker = { ...open, state: "half_open", trial: "w1", nextTrialAtMs: NOW + OPEN_MS + TRIAL_MS };

it("has the numbers of the contract: five failures in a row, one trial 60 s later", () => {
  expect([FAILURES_TO_OPEN, OPEN_MS]).toEqual([5, 60_000]);
});

test.each([
  ["broker_connection", true],
  ["publish", true],
  ["bad_payload", false],
] as const)("a failure of the class %s tells of the service: %s", (errorClass, tells) => {
  expect(isServiceFailure(errorClass)).toBe(tells);
});

describe("calls", () => {
  test.each([
    ["a success leaves a closed one closed", CLOSED, ok, CLOSED],
    ["four failures in a row are counted", closed(3), failed(1), closed(4)],
    ["the fifth opens it", closed(4), failed(1), open],
    ["five of one batch open it at once", CLOSED, failed(5), open],
    ["a success in between begins the count anew", closed(4), ok, CLOSED],
    ["a success beside failures shows that the service is there", closed(4), { ...failed(9), ok: 1 }, CLOSED],
    ["faults of the messages alone say nothing", closed(4), nothing, closed(4)],
    ["a late success does not close an open one", open, ok, open],
    ["late failures do not keep it open longer", open, failed(100), open],
    ["others say nothing while a trial is made", trying, failed(7), trying],
  ])("%s", (_, before, tally, after) => {
    expect(afterCalls(before, tally, NOW)).toEqual(after);
  });
});

describe("a trial", () => {
  test.each([
    ["of a closed one there is none", CLOSED, NOW, null],
    ["not before its time", open, NOW + OPEN_MS - 1, null],
    ["60 s after it opened", open, NOW + OPEN_MS, trying],
    ["not beside another", trying, NOW + OPEN_MS + TRIAL_MS - 1, null],
  ])("begins: %s", (_, before, at, after) => {
    expect(beginTrial(before, "w1", at)).toEqual(after);
    expect(trialIsDue(before, at)).toBe(after !== null);
  });

  it("is given up when it says nothing for too long: another takes its place, and it changes nothing any more", () => {
    const at = NOW + OPEN_MS + TRIAL_MS;
    const second = beginTrial(trying, "w2", at) as Breaker;
    expect(second).toMatchObject({ state: "half_open", trial: "w2", nextTrialAtMs: at + TRIAL_MS });
    expect(endTrial(second, { by: "w1", tally: ok, nowMs: at })).toBe(second);
    expect(endTrial(second, { by: "w2", tally: ok, nowMs: at })).toEqual(CLOSED);
  });

  const at = NOW + OPEN_MS + 50;
  test.each([
    ["success closes it", trying, ok, CLOSED],
    ["failure opens it for another 60 s", trying, failed(1), { ...open, failures: 6, nextTrialAtMs: at + OPEN_MS }],
    ["a message at fault itself: the next trial may come at once", trying, nothing, { ...open, nextTrialAtMs: at }],
    ["after a reset it changes nothing", CLOSED, failed(1), CLOSED],
    ["after a reset and a new opening neither", open, ok, open],
  ])("ends: %s", (_, before, tally, after) => {
    expect(endTrial(before, { by: "w1", tally, nowMs: at })).toEqual(after);
  });
});

describe("a look at the cause", () => {
  const look = (blocked: boolean, openedAtMs = NOW) => ({ openedAtMs, atMs: NOW, blocked });
  test.each([
    ["gone, where it was seen and is not any more", look(true), look(false), true],
    ["not gone while it is seen", look(true), look(true), false],
    ["not gone where it never was seen", undefined, look(false), false],
    ["not gone where the last look did not see it either", look(false), look(false), false],
    ["not gone where another opening's was seen", look(true, NOW - 1), look(false), false],
  ])("is %s", (_, last, now, gone) => {
    expect(causeIsGone(last, now)).toBe(gone);
  });

  test.each([
    ["at once after it opened", undefined, 0, true],
    ["at once after it opened anew", look(true, NOW - 1), 0, true],
    ["not before its pause is over", look(true), CAUSE_CHECK_MS - 1, false],
    ["after its pause", look(true), CAUSE_CHECK_MS, true],
  ])("is due %s", (_, last, afterMs, due) => {
    expect(causeCheckIsDue(last, NOW, NOW + afterMs)).toBe(due);
  });

  test.each([
    ["an open one's trial is due at once", open, { ...open, nextTrialAtMs: NOW + 1 }],
    ["one whose trial is due stays as it is", { ...open, nextTrialAtMs: NOW }, { ...open, nextTrialAtMs: NOW }],
    ["a trial under way goes on", trying, trying],
    ["a closed one stays closed", CLOSED, CLOSED],
  ])("brings the trial forward: %s", (_, before, after) => {
    expect(trialNow(before, NOW + 1)).toEqual(after);
  });
});

it("goes round: closed, open, a failed trial, open, a trial that succeeds, closed", () => {
  let breaker = CLOSED;
  for (let i = 0; i < 5; i += 1) breaker = afterCalls(breaker, failed(1), NOW + i);
  expect(breaker).toMatchObject({ state: "open", openedAtMs: NOW + 4 });
  breaker = beginTrial(breaker, "w1", NOW + 4 + OPEN_MS) as Breaker;
  breaker = endTrial(breaker, { by: "w1", tally: failed(1), nowMs: NOW + 5 + OPEN_MS });
  expect(breaker).toMatchObject({ state: "open", openedAtMs: NOW + 4, nextTrialAtMs: NOW + 5 + 2 * OPEN_MS });
  breaker = beginTrial(breaker, "w2", NOW + 5 + 2 * OPEN_MS) as Breaker;
  expect(endTrial(breaker, { by: "w2", tally: ok, nowMs: NOW + 6 + 2 * OPEN_MS })).toBe(CLOSED);
});
