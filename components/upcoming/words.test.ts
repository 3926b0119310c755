import { describe, expect, it } from "vitest";
import { notRunLines, policyText } from "./outage-words";
import { parseUpcoming, rangeInput, resolveUpcoming, serializeUpcoming } from "./range";
import {
  byShownFirings,
  clockChangeEffect,
  clockChangeTitle,
  countedFirings,
  coverageText,
  measuredPeak,
} from "./words";

const CHANGE = {
  at: "2026-03-29T01:00:00.000Z",
  shiftSeconds: 3600,
  timezones: ["America/New_York", "Europe/Berlin"],
  moreTimezones: 0,
  schedules: 12,
  moved: 0,
  skipped: 0,
  repeated: 0,
};

it("minutes are ordered by time if their firings are shown as equal", () => {
  const at = (hour: number, firings: number) => ({ at: `2026-12-01T${hour}:00:00.000Z`, firings });
  const sorted = [at(11, 9.8), at(23, 10.3), at(17, 10.4), at(12, 19)].toSorted(byShownFirings);
  expect(sorted.map(({ at: time }) => time.slice(11, 13))).toEqual(["12", "17", "23", "11"]);
});

describe("the measured peak", () => {
  it("is that of a bucket if each bucket is a bar", () => {
    expect(measuredPeak(24, { bucketSeconds: 300, barSeconds: 300 })).toEqual({
      ...{ value: 24, text: "24 in 5 min", label: "measured peak in 5 min" },
    });
  });

  it("is a rate in the unit of wider bars", () => {
    expect(measuredPeak(24, { bucketSeconds: 300, barSeconds: 900 })).toEqual({
      value: 72,
      text: "24 in 5 min, a rate of 72 in 15 min",
      label: "measured peak rate (24 in 5 min)",
    });
  });
});

describe("a clock change in words", () => {
  it.each([
    [{}, "Clocks go forward 1 h in America/New York, Europe/Berlin"],
    [
      { shiftSeconds: -1800, moreTimezones: 3 },
      "Clocks go back 30 min in America/New York, Europe/Berlin and 3 more time zones",
    ],
  ])("has the direction and the zones: %j", (fields, text) => {
    expect(clockChangeTitle({ ...CHANGE, ...fields })).toBe(text);
  });

  it.each([
    [{}, "12 schedules in these zones: no run falls into the gap."],
    [
      { shiftSeconds: -3600, schedules: 1, timezones: ["UTC"] },
      "1 schedule in this zone: no run falls into the repeated time.",
    ],
    [
      { moved: 1, skipped: 2 },
      "12 schedules in these zones: 1 run at a local time that does not exist is moved, 2 runs are skipped.",
    ],
    [{ repeated: 4 }, "12 schedules in these zones: 4 runs fall into the time that occurs twice."],
  ])("names the effect on runs: %j", (fields, text) => {
    expect(clockChangeEffect({ ...CHANGE, ...fields })).toBe(text);
  });
});

it.each([
  [0, "0 firings"],
  [1, "1 firing"],
  [0.04, "under 0.1 firings"],
  [2.5, "2.5 firings"],
  [412.4, "412 firings"],
])("%d firings are shown as %s", (firings, text) => {
  expect(countedFirings(firings)).toBe(text);
});

it("coverageText says how many schedules are counted, and is null if all are counted", () => {
  expect(coverageText({ schedules: 10, counted: 10 })).toBeNull();
  expect(coverageText({ schedules: 1_000_000, counted: 998_200 })).toContain("998,200 of 1,000,000 schedules");
});

it("notRunLines lists the reasons why runs do not fire, without reasons that do not apply", () => {
  expect(notRunLines({ max_delay: 2, policy_none: 3, over_limit: 0 }).map(({ count, why }) => [why, count])).toEqual([
    ["policy_none", 3],
    ["max_delay", 2],
  ]);
});

it.each([
  ["none", "Skip them"],
  ["last", "Run the last one, if at most 1 d old"],
  ["all", "Run all of them, at most 100, if at most 1 d old"],
] as const)("policyText describes the policy %s", (policy, text) => {
  const row = { windowSeconds: 86_400, catchUpMaxRuns: 100 };
  expect(policyText({ ...row, policy })).toBe(text);
});

describe("a range in the URL", () => {
  const fixed = { from: Date.parse("2026-06-01T10:00Z"), to: Date.parse("2026-06-01T12:00Z") };

  it.each([[{ preset: "24h" } as const], [{ preset: "7d" } as const], [fixed]])("is read as written: %j", (range) => {
    expect(parseUpcoming(serializeUpcoming(range))).toEqual(range);
  });

  it.each(["", "1h", "x/y", "2026-06-01T12:00Z/2026-06-01T10:00Z", "a/b/c"])("%j is not a range", (text) => {
    expect(parseUpcoming(text)).toBeNull();
  });

  it("is sent to the server as hours if it is a preset, else as two instants", () => {
    expect(rangeInput({ preset: "7d" })).toEqual({ hours: 168 });
    expect(rangeInput(fixed)).toEqual({ from: "2026-06-01T10:00:00.000Z", to: "2026-06-01T12:00:00.000Z" });
  });

  it("begins now if it is a preset", () => {
    expect(resolveUpcoming({ preset: "24h" }, fixed.from)).toEqual({ from: fixed.from, to: fixed.from + 86_400_000 });
  });
});
