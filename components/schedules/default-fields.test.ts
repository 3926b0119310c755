import { expect, test } from "vitest";
import { scheduleView } from "~/server/services/schedules/view";
import { aSchedule } from "~/server/testing/schedules";
import { type Fact, factsBy } from "./default-fields";

const SETTINGS = { timezone: "UTC", maxRetries: 3, retryDelaySeconds: 60 };
/** A schedule that differs from the defaults only in its cron and its topic. */
const PLAIN = {
  scheduleId: "s",
  correlationId: "s",
  cronExpression: "0 9 * * *",
  entityType: "event",
  action: "scheduled",
};

const NOTHING_MASKED = {
  protection: { of: () => null, encrypts: () => false, refresh: async () => {} },
  env: { payloadKeys: [] } as never,
};

async function facts(changed: object, areDefault: boolean, settings = SETTINGS): Promise<Fact[]> {
  const schedule = await scheduleView(NOTHING_MASKED, aSchedule({ ...PLAIN, ...changed }));
  return factsBy(schedule, { settings, areDefault }).flatMap((one) => one.facts);
}

test.each<[string, object, Fact[]]>([
  ["default values", {}, ["cadence", "timezone", "topic"]],
  ["another zone", { timezone: "Europe/Berlin" }, ["cadence", "timezone", "topic"]],
  ["bounds", { startAt: 1, endAt: 2, maxRuns: 3 }, ["cadence", "timezone", "startAt", "endAt", "maxRuns", "topic"]],
  ["an entity type", { entityType: "user" }, ["cadence", "timezone", "topic", "event"]],
  [
    "own policies",
    { catchUp: { policy: "all", windowSeconds: 86_400, maxRuns: 100 }, priority: 5 },
    ["cadence", "timezone", "topic", "catchUp", "priority"],
  ],
  ["own retries", { maxRetries: 0 }, ["cadence", "timezone", "topic", "retries"]],
])("a schedule with %s lists its facts that are not defaults", async (_, changed, expected) => {
  expect(await facts(changed, false)).toEqual(expected);
});

test("a value that equals the setting is a default", async () => {
  const settings = { timezone: "Europe/Berlin", maxRetries: 0, retryDelaySeconds: 60 };
  const once = { cronExpression: null, executionTime: 1_800_000_000_000, timezone: "Europe/Berlin", maxRetries: 0 };
  expect(await facts(once, false, settings)).toEqual(["cadence", "topic"]);
});

test("a one-time schedule lists its jitter", async () => {
  const once = { cronExpression: null, executionTime: 1_800_000_000_000, jitterSeconds: 30 };
  expect(await facts(once, false)).toEqual(["cadence", "jitter", "topic"]);
});

test("the zone of a cron expression is listed even if it equals the setting", async () => {
  const settings = { ...SETTINGS, timezone: "Europe/Berlin" };
  expect(await facts({ timezone: "Europe/Berlin" }, false, settings)).toEqual(["cadence", "timezone", "topic"]);
});

test("both lists together have every fact: 16 for a recurring schedule, 10 for a one-time schedule", async () => {
  expect([...(await facts({}, true)), ...(await facts({}, false))]).toHaveLength(16);
  const once = { cronExpression: null, executionTime: 1_800_000_000_000 };
  expect([...(await facts(once, true)), ...(await facts(once, false))]).toHaveLength(10);
});
