import { expect, it } from "vitest";
import { byUrgency, type DiagnosisCheck, diagnosisText, healthChecks, problemsInWords } from "./diagnosis-words";

const check = (over: Partial<DiagnosisCheck>): DiagnosisCheck => ({
  ...{ part: "redis", name: "version", state: "ok", value: "Redis 8.2", expected: "6.2 or newer", advice: null },
  ...over,
});
const EVICTION = check({
  ...{ name: "eviction", state: "critical", value: "allkeys-lru", expected: "noeviction" },
  advice: "Set maxmemory-policy to noeviction.",
});

it("lists critical checks first, then warnings, and keeps the order of checks in the same state", () => {
  const checks = [check({}), check({ name: "mode" }), check({ name: "memory", state: "warning" }), EVICTION];
  expect(byUrgency(checks).map(({ name }) => name)).toEqual(["eviction", "memory", "version", "mode"]);
});

it.each([
  [["ok", "unknown"], null],
  [["warning"], "1 warning"],
  [["critical", "warning", "ok", "warning"], "1 critical, 2 warnings"],
] as const)("problemsInWords of %j is %j", (states, words) => {
  expect(problemsInWords(states.map((state) => check({ state })))).toBe(words);
});

it("lists the reasons of the health check as problems", () => {
  const message = "Topic partner.webhooks refuses events; 3 events are held: connection reset";
  const checks = healthChecks([{ code: "topic_refuses", service: "bus", severity: "critical", message }]);
  expect(checks).toMatchObject([{ part: "health", name: "Topic partner.webhooks refuses events", state: "critical" }]);
  expect(problemsInWords([check({}), ...checks])).toBe("1 critical");
  expect(byUrgency([check({}), ...checks]).map(({ part }) => part)).toEqual(["health", "redis"]);
});

it("diagnosisText is text for a bug report", () => {
  const text = diagnosisText({
    ...{ version: "0.1.0", checkedAt: "2027-01-01T00:00:00.000Z" },
    checks: [check({}), EVICTION, check({ part: "bus", name: "kind", value: "Kafka", expected: null })],
  });
  expect(text).toBe(`Stufio Schedules 0.1.0, checked at 2027-01-01T00:00:00.000Z
[ok] redis version: Redis 8.2 (expected: 6.2 or newer)
[critical] redis eviction: allkeys-lru (expected: noeviction)
    Set maxmemory-policy to noeviction.
[ok] bus kind: Kafka
`);
});
