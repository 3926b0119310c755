import { expect, it } from "vitest";
import { untilRun } from "./until-run";

const NOW = Date.parse("2026-12-01T11:00:00Z");

it.each<[string, number, boolean, string, number?]>([
  ["counts down to a run", 5000, false, "in 5 s"],
  ["calls a run due at its time", 0, false, "due"],
  ["calls a run that is some seconds late due", -11_000, false, "due"],
  ["tells the age of a run that is minutes late", -300_000, false, "due 5 min ago"],
  ["calls a run due while its jitter may still delay it", -299_000, false, "due", 240_000],
  ["tells the age of a run that is minutes later than its jitter allows", -300_000, false, "due 5 min ago", 240_000],
  ["has no countdown while all firing is paused", 5000, true, "All paused"],
  ["has no past time while all firing is paused", -300_000, true, "All paused"],
])("untilRun %s", (_, delta, isAllPaused, expected, jitterMs = 0) => {
  expect(untilRun({ atMs: NOW + delta, jitterMs, nowMs: NOW, isAllPaused })).toBe(expected);
});
