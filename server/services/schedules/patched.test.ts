import { expect, test } from "vitest";
import type { Schedule } from "~/server/domain/schedule";
import { DEFAULT_SETTINGS } from "~/server/domain/settings";
import { aSchedule } from "~/server/testing/schedules";
import { buildSchedule } from "./build";
import { PatchScheduleInput } from "./inputs";
import { patchedDefinition } from "./patched";

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

function patched(patch: object): Schedule {
  const input = PatchScheduleInput.parse({ scheduleId: CURRENT.scheduleId, patch });
  const { scheduleId, source, sourceId, createdBy, createdAt } = CURRENT;
  const context = { scheduleId, source, sourceId, createdBy, current: CURRENT, nowMs: createdAt };
  return buildSchedule(patchedDefinition(CURRENT, input.patch), {
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
