import { expect, it } from "vitest";
import { plannedRun, searchFrom } from "./use-run-after-pause";

const UNTIL = "2026-12-03T08:00:00.000Z";
const paused = { status: "paused" as const, pausedUntil: UNTIL, startAt: null, endAt: null, executionTime: null };

it.each([
  ["at the end of the pause", {}, UNTIL],
  ["just before a later start", { startAt: "2026-12-04T00:00:00.000Z" }, "2026-12-03T23:59:59.999Z"],
  ["at the end of the pause, after an earlier start", { startAt: "2026-11-04T00:00:00.000Z" }, UNTIL],
  ["nowhere if someone has to resume it", { pausedUntil: null }, null],
  ["nowhere if it is active", { status: "active" as const }, null],
])("the first run after a pause is searched for %s", (_, over, expected) => {
  expect(searchFrom({ ...paused, ...over })).toBe(expected);
});

it.each([
  ["a run after the pause", {}, "2026-12-03T09:00:00.000Z", "2026-12-03T09:00:00.000Z"],
  ["no run at the end of the pause, because it counts as missed", {}, UNTIL, null],
  ["no run after the end of the schedule", { endAt: "2026-12-03T08:30:00.000Z" }, "2026-12-03T09:00:00.000Z", null],
  ["no run while it is unknown", {}, undefined, null],
])("the first run after a pause is %s", (_, over, run, expected) => {
  expect(plannedRun({ ...paused, ...over }, run)).toBe(expected);
});
