import { describe, expect, it } from "vitest";
import { AppError } from "./errors";
import { parseInput } from "./parse";
import { ScheduleInput } from "./schedule";

function faultOf(executionTime: unknown): string | undefined {
  try {
    parseInput(ScheduleInput, { executionTime });
  } catch (error) {
    if (error instanceof AppError) return JSON.stringify(error.faults);
    throw error;
  }
  return undefined;
}

describe("the message for a nearly valid time shows the correct form", () => {
  it.each([
    ["2027-06-01T10:00:00+0200", "write 2027-06-01T10:00:00+02:00"],
    ["2027-06-01T10:00:00.5-0330", "write 2027-06-01T10:00:00.5-03:30"],
    ["2027-06-01T10:00:00+02", "write 2027-06-01T10:00:00+02:00"],
    ["2027-06-01T10:00:00", "write 2027-06-01T10:00:00Z for UTC"],
    ["tomorrow", "such as 2027-06-01T10:00:00Z"],
  ])("%s", (text, message) => {
    expect(faultOf(text)).toContain(message);
  });
});

it("accepts a time with Z, with an offset with a colon, and as an epoch number", () => {
  for (const time of ["2027-06-01T10:00:00Z", "2027-06-01T10:00:00+02:00", 1811844000, 1811844000000]) {
    expect(faultOf(time)).toBeUndefined();
  }
});
