import { expect, it } from "vitest";
import { cleanupWords } from "./cleanup-words";

it.each([
  [0, 0, "0 schedules and 0 executions"],
  [1, 1, "1 schedule and 1 execution"],
  [2, 1200, "2 schedules and 1,200 executions"],
])("cleanupWords of %i schedules and %i executions", (schedules, executions, text) => {
  expect(cleanupWords({ schedules, executions })).toBe(text);
});
