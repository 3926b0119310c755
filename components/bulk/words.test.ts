import { describe, expect, test } from "vitest";
import { type BulkJob, canUndo, timeLeftMs } from "./words";

const job = { action: "pause", changed: 3, endedAt: 10, startedAt: 1000, done: 25, total: 100 } as BulkJob;

describe("a bulk job's page", () => {
  test.each([
    ["while it runs", { ...job, endedAt: null }, false],
    ["after a pause", job, true],
    ["after a delete", { ...job, action: "delete" as const }, false],
    ["after a job that changed nothing", { ...job, changed: 0 }, false],
    ["after an undo", { ...job, action: "undo" as const }, false],
  ])("canUndo %s", (_, someJob, expected) => {
    expect(canUndo(someJob)).toBe(expected);
  });

  test("estimates the time left after the first 2 s", () => {
    expect(timeLeftMs(job, 11_000)).toBe(30_000);
    expect(timeLeftMs(job, 2000)).toBeNull();
    expect(timeLeftMs({ ...job, done: 0 }, 11_000)).toBeNull();
    expect(timeLeftMs({ ...job, done: 100 }, 11_000)).toBeNull();
  });
});
