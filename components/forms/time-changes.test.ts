import { describe, expect, it } from "vitest";
import { timeChanges, withinBounds } from "./time-changes";

const day = (n: number) => `2027-01-0${n}T00:00:00.000Z`;

describe("time changes of an edit", () => {
  it("count added and removed runs, and have the next run before and after", () => {
    expect(timeChanges([day(1), day(2)], [day(2), day(3), day(4)])).toEqual({
      added: 2,
      removed: 1,
      nextBefore: day(1),
      nextAfter: day(2),
    });
  });

  it("have no next run if no run is left", () => {
    expect(timeChanges([day(1)], [])).toEqual({ added: 0, removed: 1, nextBefore: day(1), nextAfter: null });
  });

  it("include only times within start, end and period, all inclusive", () => {
    const times = [1, 2, 3, 4, 5].map(day);
    const until = Date.parse(day(4));
    expect(withinBounds(times, { startAt: day(2), endAt: null, untilMs: until })).toEqual([day(2), day(3), day(4)]);
    expect(withinBounds(times, { startAt: null, endAt: day(3), untilMs: until })).toEqual([day(1), day(2), day(3)]);
  });
});
