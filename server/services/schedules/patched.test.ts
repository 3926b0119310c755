import { describe, expect, test } from "vitest";
import { JsonText, jsonDepth } from "~/server/domain/json-text";
import { MAX_PAYLOAD_BYTES, type Schedule, type ScheduleInput } from "~/server/domain/schedule";
import { DEFAULT_SETTINGS } from "~/server/domain/settings";
import { aSchedule } from "~/server/testing/schedules";
import { buildSchedule } from "./build";
import { PatchScheduleInput } from "./inputs";
import { mergedDefinition, patchedDefinition } from "./patched";

const NO_SCHEMAS = { checkOf: () => null, refresh: async () => {} };
const NO_RULES = { protection: { of: () => null, encrypts: () => false, refresh: async () => {} }, mayExpose: false };

/** A schedule in which no optional field has its default. */
const CURRENT = aSchedule({
  ...{ name: "n", description: "d", tags: ["t"], enabled: false, topic: "x", entityId: "7", actorType: "user" },
  ...{ actorId: "a", headers: { h: "1" }, cronExpression: "0 9 * * *", timezone: "Europe/Berlin", maxRetries: 7 },
  ...{ retryDelaySeconds: 9, maxDelaySeconds: 77, priority: 4, startAt: 1_790_000_000_000, endAt: 1_990_000_000_000 },
  ...{ maxRuns: 12, catchUp: { policy: "all", windowSeconds: 3600, maxRuns: 7 }, jitterSeconds: 5, dstGap: "skip" },
  ...{ dstOverlap: "both", source: "admin" },
});

function patched(patch: object, current = CURRENT): Schedule {
  const input = PatchScheduleInput.parse({ scheduleId: current.scheduleId, patch });
  return built(patchedDefinition(current, input.patch), current);
}

function merged(patch: object, current: Schedule): Schedule {
  const text = JSON.stringify(patch);
  return built(mergedDefinition(current, new JsonText(text, jsonDepth(text))), current);
}

function built(definition: ScheduleInput, current: Schedule): Schedule {
  const { scheduleId, source, sourceId, createdBy, createdAt } = current;
  const context = { scheduleId, source, sourceId, createdBy, current, nowMs: createdAt };
  return buildSchedule(definition, {
    ...context,
    settings: DEFAULT_SETTINGS,
    topicSchemas: NO_SCHEMAS,
    ...NO_RULES,
    scope: undefined,
  });
}

test.each<[object, Partial<Schedule>]>([
  [{}, {}],
  [{ description: "other" }, { description: "other" }],
  [{ name: null }, { name: null }],
  [{ catchUp: { policy: "none" } }, { catchUp: { policy: "none", windowSeconds: 3600, maxRuns: 7 } }],
  [{ catchUp: { maxRuns: 8 } }, { catchUp: { policy: "all", windowSeconds: 3600, maxRuns: 8 } }],
  [{ dstGap: "shift" }, { dstGap: "shift" }],
  [{ headers: {} }, { headers: {} }],
  [{ eventType: "e" }, { entityType: "e" }],
  [
    { executionTime: "2027-01-15T08:00:00.000Z" },
    { cronExpression: null, executionTime: Date.parse("2027-01-15T08:00Z") },
  ],
])("a patch of %j changes nothing else", (patch, changes) => {
  const { state: _, pausedBy: __, ...rest } = { ...CURRENT, ...changes };
  expect(patched(patch)).toMatchObject(rest);
});

describe("a schedule whose stored payload exceeds the limit", () => {
  const current = aSchedule({ payload: JSON.stringify({ a: 1, big: "x".repeat(MAX_PAYLOAD_BYTES) }) });

  test.each([
    ["a patch that replaces the payload", () => patched({ payload: { a: 2 } }, current), '{"a":2}'],
    ["a patch that replaces the body", () => patched({ body: '{"a":2}' }, current), '{"a":2}'],
    ["a merge patch that removes the large member", () => merged({ payload: { big: null } }, current), '{"a":1}'],
    ["a merge patch that replaces the body", () => merged({ body: '{"a":2}' }, current), '{"a":2}'],
  ])("is changed by %s", (_, change, payload) => {
    expect(change().payload).toBe(payload);
  });

  test.each([
    ["a patch", () => patched({ description: "other" }, current)],
    ["a merge patch", () => merged({ description: "other" }, current)],
    ["a merge patch of another member", () => merged({ payload: { a: 2 } }, current)],
  ])("is not changed by %s that leaves the payload too large", (_, change) => {
    expect(change).toThrow(expect.objectContaining({ code: "payload_too_large" }));
  });
});
