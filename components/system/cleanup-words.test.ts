import { expect, it } from "vitest";
import { cleanupWords, retentionWords } from "./cleanup-words";

it.each([
  [0, 0, 0, "0 schedules and 0 executions"],
  [1, 1, 0, "1 schedule and 1 execution"],
  [2, 1200, 0, "2 schedules and 1,200 executions"],
  [0, 1, 3, "0 schedules, 1 execution and 3 rows of the audit trail"],
])("cleanupWords of %i schedules, %i executions and %i audit entries", (schedules, executions, auditEntries, text) => {
  expect(cleanupWords({ schedules, executions, auditEntries })).toBe(text);
});

it.each([
  [{ executionHistoryTtlDays: 90, auditRetentionDays: 0 }, "after 90 days. Audit entries are kept forever."],
  [{ executionHistoryTtlDays: 1, auditRetentionDays: 400 }, "after 1 day, and audit entries after 400 days."],
  [{}, "after their retention, and audit entries after their own retention."],
])("names the retention of %j", (settings, end) => {
  expect(retentionWords(settings)).toBe(`Removes executions and completed or deleted schedules ${end}`);
});
