import { describe, expect, it } from "vitest";
import { ScheduleInput } from "~/server/domain/schedule";
import type { ScheduleFormValues } from "./schedule-form-model";
import { ScheduleForm } from "./schedule-form-schema";
import { definitionOf, newFormValues, patchOf } from "./schedule-form-values";

const ID = "0198c0de-0000-7000-8000-000000000001";
const DEFAULTS = { timezone: "Europe/Berlin", maxRetries: 3, retryDelaySeconds: 60 };
const values = (changed: Partial<ScheduleFormValues> = {}) => ({ ...newFormValues(DEFAULTS), ...changed });
const faultyFields = (form: ScheduleFormValues) =>
  ScheduleForm.safeParse(form).error?.issues.map((issue) => issue.path.join(".")) ?? [];

describe("the form of a schedule", () => {
  it("is valid when new, and matches `ScheduleInput`", () => {
    expect(faultyFields(values())).toEqual([]);
    expect(ScheduleInput.safeParse(definitionOf(values())).success).toBe(true);
  });

  it.each([
    ["a recurring schedule without a cron", { cronExpression: "" }, ["cronExpression"]],
    ["a one-time schedule without a time", { kind: "one_time" as const }, ["executionTime"]],
    ["an end before its start", { startAt: "2026-02-01T00:00:00Z", endAt: "2026-01-01T00:00:00Z" }, ["endAt"]],
    ["an empty number", { priority: null }, ["priority"]],
    ["a payload that is a list", { body: "[]" }, ["body"]],
    ["a payload that is not JSON", { body: "{" }, ["body"]],
    ["a payload above 1 MiB", { body: JSON.stringify({ a: "x".repeat(1024 * 1024) }) }, ["body"]],
    ["a topic with a space", { topic: "a b" }, ["topic"]],
    [
      "a repeated header name",
      {
        headers: [
          { name: "a", value: "1" },
          { name: "a", value: "2" },
        ],
      },
      ["headers.1.name"],
    ],
  ])("refuses %s", (_name, changed, fields) => {
    expect(faultyFields(values(changed))).toEqual(fields);
  });

  it("sends only changed fields", () => {
    const after = values({ name: "nightly", catchUpPolicy: "all" });
    expect(patchOf({ scheduleId: ID, before: values(), after })).toEqual({
      name: "nightly",
      catchUp: { policy: "all", windowSeconds: 86_400, maxRuns: 100 },
    });
  });

  it("sends the cron expression and the execution time when the kind changes", () => {
    const after = values({ kind: "one_time", executionTime: "2027-01-01T00:00:00.000Z" });
    expect(patchOf({ scheduleId: ID, before: values(), after })).toEqual({
      cronExpression: null,
      executionTime: "2027-01-01T00:00:00.000Z",
    });
  });

  it("resets an emptied correlation id and clears optional fields", () => {
    const before = values({ correlationId: "order-1", entityId: "42", endAt: "2027-01-01T00:00:00.000Z" });
    expect(patchOf({ scheduleId: ID, before, after: values() })).toEqual({
      correlationId: ID,
      entityId: null,
      endAt: null,
    });
  });
});
