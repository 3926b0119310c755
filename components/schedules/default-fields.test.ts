import { expect, test } from "vitest";
import { scheduleView } from "~/server/services/schedules/view";
import { aSchedule } from "~/server/testing/schedules";
import { type Fact, factsBy } from "./default-fields";

const SETTINGS = { timezone: "UTC", maxRetries: 3, retryDelaySeconds: 60 };
/** Every value is a default, except for the cron and the topic. */
const PLAIN = {
  scheduleId: "s",
  correlationId: "s",
  cronExpression: "0 9 * * *",
  entityType: "event",
  action: "scheduled",
};

const facts = (changed: object, areDefault: boolean, settings = SETTINGS): Fact[] =>
  factsBy(scheduleView(aSchedule({ ...PLAIN, ...changed })), { settings, areDefault }).flatMap((one) => one.facts);

test.each<[string, object, Fact[]]>([
  ["a plain schedule", {}, ["cadence", "topic"]],
  ["another zone", { timezone: "Europe/Berlin" }, ["cadence", "timezone", "topic"]],
  ["bounds", { startAt: 1, endAt: 2, maxRuns: 3 }, ["cadence", "startAt", "endAt", "maxRuns", "topic"]],
  ["an event of its own", { entityType: "user" }, ["cadence", "topic", "event"]],
  [
    "policies",
    { catchUp: { policy: "all", windowSeconds: 86_400, maxRuns: 100 }, priority: 5 },
    ["cadence", "topic", "catchUp", "priority"],
  ],
  ["retries", { maxRetries: 0 }, ["cadence", "topic", "retries"]],
])("%s differs from the defaults in these facts", (_, changed, expected) => {
  expect(facts(changed, false)).toEqual(expected);
});

test("a value that equals the setting is a default", () => {
  const settings = { timezone: "Europe/Berlin", maxRetries: 0, retryDelaySeconds: 60 };
  expect(facts({ timezone: "Europe/Berlin", maxRetries: 0 }, false, settings)).toEqual(["cadence", "topic"]);
});

test("every fact is in exactly one of the two lists; a one-time schedule has no facts of recurring ones", () => {
  expect([...facts({}, true), ...facts({}, false)]).toHaveLength(16);
  const once = { cronExpression: null, executionTime: 1_800_000_000_000 };
  expect([...facts(once, true), ...facts(once, false)]).toHaveLength(9);
});
