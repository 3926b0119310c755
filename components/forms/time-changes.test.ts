import { describe, expect, it } from "vitest";
import { runTimes, timeChanges } from "./time-changes";

const day = (n: number) => `2027-01-0${n}T00:00:00.000Z`;
const until = (n: number) => Date.parse(day(n));
const complete = (...days: number[]) => ({ times: days.map(day), completeUntilMs: until(7) });

describe("time changes of an edit", () => {
  it("count added and removed runs, and have the next run before and after", () => {
    expect(timeChanges(complete(1, 2), complete(2, 3, 4))).toEqual({
      added: 2,
      removed: 1,
      nextBefore: day(1),
      nextAfter: day(2),
    });
  });

  it("have no next run if no run is left", () => {
    expect(timeChanges(complete(1), complete())).toEqual({
      added: 0,
      removed: 1,
      nextBefore: day(1),
      nextAfter: null,
    });
  });

  it("count only up to the time until which both lists are complete", () => {
    const cut = { times: [1, 2, 3].map(day), completeUntilMs: until(3) };
    expect(timeChanges(cut, complete(3, 4, 5))).toMatchObject({ added: 0, removed: 2, nextAfter: day(3) });
    expect(timeChanges(complete(3, 4, 5), cut)).toMatchObject({ added: 2, removed: 0 });
  });

  it("do not count runs after the period, but have them as the next runs", () => {
    expect(timeChanges(complete(8), complete(9))).toEqual({
      added: 0,
      removed: 0,
      nextBefore: day(8),
      nextAfter: day(9),
    });
  });
});

describe("run times", () => {
  const times = [1, 2, 3, 4, 5].map(day);
  const open = { startAt: null, endAt: null, untilMs: until(7) };

  it("are within start and end, both inclusive", () => {
    const found = runTimes({ times, isFull: false }, { ...open, startAt: day(2), endAt: day(4) });
    expect(found).toEqual({ times: [day(2), day(3), day(4)], completeUntilMs: until(7) });
  });

  it.each([
    ["the last run of a full preview", open, 5],
    ["the end of the period if the preview reaches it", { ...open, untilMs: until(5) }, 5],
    ["the end of the period if the preview reaches the end of the schedule", { ...open, endAt: day(5) }, 7],
  ])("are complete up to %s", (_, bounds, last) => {
    expect(runTimes({ times, isFull: true }, bounds).completeUntilMs).toBe(until(last));
  });
});
