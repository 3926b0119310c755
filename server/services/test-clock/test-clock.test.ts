import { expect, it } from "vitest";
import type { Principal } from "../principal";
import { getTestClock, mayReadTestClock } from ".";

const caller = (more: Partial<Principal>): Principal => ({
  ...{ id: "u-1", email: null, name: "Ada", role: "viewer", via: "session" },
  ...more,
});

it.each<[string, Principal | null, boolean]>([
  ["a viewer", caller({}), true],
  ["a role with schedules:read", caller({ role: "planner", rights: ["schedules:read"] }), true],
  ["a role without schedules:read", caller({ role: "auditor", rights: ["audit:read"] }), false],
  ["a caller who is not signed in", null, false],
])("a page reads the test clock for %s only if the call would answer", async (_, principal, isReadable) => {
  expect(mayReadTestClock(principal)).toBe(isReadable);
  const refusal = getTestClock({ ctx: { principal, deps: {} } as never }).catch(({ code }) => code);
  // An installation without a virtual clock answers not_found to callers with the right.
  expect((await refusal) === "not_found").toBe(isReadable);
});
