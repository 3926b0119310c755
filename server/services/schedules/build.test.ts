import { expect, it } from "vitest";
import type { AppError } from "~/server/domain/errors";
import { DEFAULT_SETTINGS } from "~/server/domain/settings";
import { aSchedule } from "~/server/testing/schedules";
import { buildSchedule } from "./build";

const NO_SCHEMAS = { checkOf: () => null, refresh: async () => {} };
const NO_RULES = { protection: { of: () => null, encrypts: () => false, refresh: async () => {} }, mayExpose: false };

it("an edit may keep the reserved headers of a delayed message, but add none", () => {
  const current = aSchedule({ headers: { correlation_id: "sender", "x-own": "1" } });
  const { scheduleId, source, sourceId, createdBy } = current;
  const context = { scheduleId, source, sourceId, createdBy, current, nowMs: 1_790_000_000_000 };
  const edit = (headers: Record<string, string>) =>
    buildSchedule(
      { executionTime: "2027-01-15T08:00:00.000Z", headers },
      { ...context, settings: DEFAULT_SETTINGS, topicSchemas: NO_SCHEMAS, ...NO_RULES, scope: undefined },
    );
  expect(edit({ correlation_id: "sender", "x-own": "2" }).headers).toEqual({ correlation_id: "sender", "x-own": "2" });
  const fields = (headers: Record<string, string>) => {
    try {
      return edit(headers) && [];
    } catch (error) {
      return (error as AppError).faults.map(({ field }) => field);
    }
  };
  expect(fields({ correlation_id: "sender", attempt: "7" })).toEqual(["headers.attempt"]);
});
