import { expect, test } from "vitest";
import { type AppliedRetention, decideRetention, type RetentionChange } from "./retention";

const byAnn: RetentionChange = { id: "page:7", days: 30, source: "page", by: "ann@example.com", at: 7 };
const byEnvironment: RetentionChange = {
  id: "environment:30",
  days: 30,
  source: "environment",
  by: "environment",
  at: 7,
};
const applied = (change: RetentionChange | null): AppliedRetention => ({ days: 365, change, appliedAt: 1 });

test.each([
  { name: "equal days change nothing", wantedDays: 90, tableDays: 90, change: null, gives: ["unchanged", 90] },
  { name: "an extension needs no user", wantedDays: 365, tableDays: 90, change: null, gives: ["longer", 365] },
  { name: "a default does not shorten", wantedDays: 90, tableDays: 365, change: null, gives: ["refused", 365] },
  { name: "a user's change shortens", wantedDays: 30, tableDays: 365, change: byAnn, gives: ["shorter", 30] },
  {
    name: "a retention set by an environment variable shortens",
    wantedDays: 30,
    tableDays: 365,
    change: byEnvironment,
    gives: ["shorter", 30],
  },
  {
    name: "a change whose days are not the wanted days does not shorten",
    wantedDays: 90,
    tableDays: 365,
    change: byAnn,
    gives: ["refused", 365],
  },
  {
    name: "a default does not shorten unlimited retention",
    wantedDays: 90,
    tableDays: null,
    change: null,
    gives: ["refused", null],
  },
  {
    name: "a user shortens unlimited retention",
    wantedDays: 30,
    tableDays: null,
    change: byAnn,
    gives: ["shorter", 30],
  },
])("$name", ({ wantedDays, tableDays, change, gives }) => {
  const { verdict, days } = decideRetention({ wantedDays, tableDays, change, applied: applied(null) });
  expect([verdict, days]).toEqual(gives);
});

test("a change that was applied once does not shorten a manually extended retention", () => {
  const input = { wantedDays: 30, tableDays: 400, change: byAnn };
  expect(decideRetention({ ...input, applied: applied(byAnn) })).toEqual({ verdict: "refused", days: 400 });
  expect(decideRetention({ ...input, applied: null })).toEqual({ verdict: "shorter", days: 30 });
  expect(decideRetention({ ...input, change: { ...byAnn, id: "page:8" }, applied: applied(byAnn) }).verdict).toBe(
    "shorter",
  );
});
