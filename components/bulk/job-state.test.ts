import { describe, expect, test } from "vitest";
import { canUndo, jobsPollMs, timeLeftMs } from "./job-state";
import type { BulkJob } from "./words";

const job = { action: "pause", changed: 3, startedAt: 1000, endedAt: 20_000, done: 25, total: 100 } as BulkJob;

describe("canUndo", () => {
  test.each([
    ["a job that has not ended", false, { ...job, endedAt: null }],
    ["an ended pause", true, job],
    ["an ended delete", false, { ...job, action: "delete" as const }],
    ["a job that changed nothing", false, { ...job, changed: 0 }],
    ["an ended undo", false, { ...job, action: "undo" as const }],
  ])("for %s is %s", (_, expected, someJob) => {
    expect(canUndo(someJob)).toBe(expected);
  });
});

describe("timeLeftMs", () => {
  test("is three times the elapsed time when a quarter of the items is done", () => {
    expect(timeLeftMs(job, 11_000)).toBe(30_000);
  });

  test.each([
    ["in the first 2 s", job, 2000],
    ["while no item is done", { ...job, done: 0 }, 11_000],
    ["when all items are done", { ...job, done: 100 }, 11_000],
  ])("is null %s", (_, someJob, nowMs) => {
    expect(timeLeftMs(someJob, nowMs)).toBeNull();
  });
});

describe("jobsPollMs", () => {
  const running = { endedAt: null };
  test.each([
    ["no answer yet", 1000, undefined],
    ["a job that has not ended", 1000, [job, running]],
    ["only ended jobs", 15_000, [job, job]],
    ["no jobs", 15_000, []],
  ])("for %s is %i ms", (_, expected, jobs) => {
    expect(jobsPollMs(jobs)).toBe(expected);
  });
});
