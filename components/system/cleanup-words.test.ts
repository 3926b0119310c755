import { expect, it } from "vitest";
import { cleanupWords } from "./cleanup-words";

it.each([
  [0, 0, 0, "0 schedules and 0 executions"],
  [1, 1, 0, "1 schedule and 1 execution"],
  [2, 1200, 0, "2 schedules and 1,200 executions"],
  [0, 1, 3, "0 schedules, 1 execution and 3 rows of the audit trail"],
])("cleanupWords of %i schedules, %i executions and %i audit entries", (schedules, executions, auditEntries, text) => {
  expect(cleanupWords({ schedules, executions, auditEntries })).toBe(text);
});
