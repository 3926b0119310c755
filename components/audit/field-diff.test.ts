import { expect, test } from "vitest";
import { fieldDiffs, fieldLabel, timeInWords } from "./field-diff";

test.each<[string, unknown, unknown, [string, string | null, string | null][]]>([
  ["nothing on either side", null, undefined, []],
  [
    "a changed field",
    { cronExpression: "0 9 * * *" },
    { cronExpression: "0 10 * * *" },
    [["Cron expression", "0 9 * * *", "0 10 * * *"]],
  ],
  ["an unchanged field is left out", { name: "a", tags: ["x"] }, { name: "b", tags: ["x"] }, [["Name", "a", "b"]]],
  ["a new field", {}, { version: 3 }, [["Version", null, "3"]]],
  ["a removed value", { endAt: 5 }, { endAt: null }, [["End", "1970-01-01T00:00:00.005Z", "Never"]]],
  [
    "a field that is new and empty is left out",
    null,
    { until: null, missed: "all" },
    [["Missed runs", null, "run all of them"]],
  ],
  ["texts in a list", { tags: ["a", "b"] }, { tags: [] }, [["Tags", "a, b", "none"]]],
  [
    "flags and objects",
    { enabled: true },
    { enabled: false, other: { a: 1 } },
    [
      ["Enabled", "yes", "no"],
      ["Other", null, '{"a":1}'],
    ],
  ],
  [
    "a catch-up policy, in the words of the form",
    { catchUp: { policy: "last", windowSeconds: 86_400, maxRuns: 100 } },
    { catchUp: { policy: "all", windowSeconds: 5400, maxRuns: 100 } },
    [
      ["Catch-up policy", "run the last one", "run all of them"],
      ["Catch-up window", "1 d", "1 h 30 min"],
    ],
  ],
  [
    "codes and spans, in the words of the form",
    { dstGap: "skip", dstOverlap: "both", jitterSeconds: 0, retryDelaySeconds: 60, maxRuns: null, startAt: 5 },
    { dstGap: "shift", dstOverlap: "first", jitterSeconds: 30, retryDelaySeconds: 90, maxRuns: 5, startAt: null },
    [
      ["Daylight saving: time does not exist", "skip the run", "run later by the length of the gap"],
      ["Daylight saving: time occurs twice", "run both times", "run the first time"],
      ["Jitter", "none", "up to 30 s"],
      ["Retry delay", "1 min", "1 min 30 s"],
      ["Maximum runs", "Unlimited", "5"],
      ["Start", "1970-01-01T00:00:00.005Z", "Immediately"],
    ],
  ],
  [
    "times in epoch ms",
    { plannedSince: null },
    { plannedSince: 1_796_122_179_962 },
    [["Planned since", "none", "2026-12-01T10:49:39.962Z"]],
  ],
  [
    "the document of a schedule as code",
    { sourceId: "as-code/payroll||https%3A%2F%2Fgit.example.org%2Facme|schedules.yaml|4f2c1d9" },
    { sourceId: "as-code/payroll|edited|https%3A%2F%2Fgit.example.org%2Facme|schedules.yaml|5a3b2c1" },
    [
      ["Edited by hand", "no", "yes"],
      ["Commit", "4f2c1d9", "5a3b2c1"],
    ],
  ],
  ["another source id", { sourceId: null }, { sourceId: "a-1" }, [["Source id", "none", "a-1"]]],
  ["an unknown code", { dstGap: "x" }, { dstGap: null }, [["Daylight saving: time does not exist", "x", "none"]]],
  ["a value that is not an object", null, "text", [["Value", null, "text"]]],
])("fieldDiffs: %s", (_, before, after, expected) => {
  expect(fieldDiffs(before, after).map((one) => [one.label, one.before, one.after])).toEqual(expected);
});

test.each([
  ["cron_expression", "Cron expression"],
  ["maxDelaySeconds", "Max delay seconds"],
  ["", ""],
])("the label of %j is %j", (field, label) => {
  expect(fieldLabel(field)).toBe(label);
});

test.each([
  ["2026-11-24T08:00:00.000Z", "24 Nov 2026, 09:00:00 Europe/Berlin (UTC+1)"],
  ["2026-11-24", "2026-11-24"],
  ["0 9 * * *", "0 9 * * *"],
])("shows %s as %s", (text, shown) => {
  expect(timeInWords(text, { zone: "Europe/Berlin", hour12: false })).toBe(shown);
});
