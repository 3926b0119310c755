import { expect, test } from "vitest";
import { NEW_STATE, newSchedule, SCHEDULE_DEFAULTS } from "./new-schedule";
import { DEFAULT_SETTINGS } from "./settings";

// Stored records omit these values, so they must never change.
test("the defaults that stored records omit have not changed", () => {
  expect(SCHEDULE_DEFAULTS).toEqual({
    ...{ name: null, description: "", tags: [], enabled: true, topic: "stufio.events", entityType: "event" },
    ...{ entityId: null, action: "scheduled", actorType: "system", actorId: "scheduler", payload: "{}" },
    ...{ rawValue: false, headers: {}, cronExpression: null, executionTime: null, timezone: "UTC", maxRetries: 3 },
    ...{ retryDelaySeconds: 60, maxDelaySeconds: 86_400, priority: 0, source: "api_request", sourceId: null },
    ...{ startAt: null, endAt: null, maxRuns: null, plannedSince: null, jitterSeconds: 0, dstGap: "first_valid" },
    ...{ catchUp: { policy: "last", windowSeconds: 86_400, maxRuns: 100 }, dstOverlap: "first", pauseNote: null },
    ...{ pausedBy: null, pausedAt: null, pausedUntil: null, createdBy: "" },
  });
});

test("the settings start with the same defaults", () => {
  const { timezone, maxRetries, retryDelaySeconds } = SCHEDULE_DEFAULTS;
  expect(DEFAULT_SETTINGS).toMatchObject({ timezone, maxRetries, retryDelaySeconds });
});

test("a new schedule has its id as correlation id, and shares no state with another schedule", () => {
  const [a, b] = ["a", "b"].map((scheduleId) => newSchedule({ scheduleId, nowMs: 5, state: { tier: "redis" } }));
  expect(a).toMatchObject({ correlationId: "a", createdAt: 5, updatedAt: 5, version: 1, state: { tier: "redis" } });
  if (a) a.state.executionCount = 1;
  expect([b?.state.executionCount, NEW_STATE.executionCount]).toEqual([0, 0]);
});
