import { expect, it } from "vitest";
import { describeCron } from "~/server/domain/recurrence";
import { cadenceParts } from "./cadence-parts";

it.each([
  [describeCron("0 9 * * *", "America/New_York").text, { words: "Every day at 09:00", zone: "America/New_York" }],
  ["Once", { words: "Once", zone: null }],
  ['Invalid cron: "x" (UTC). No fields.', { words: 'Invalid cron: "x" (UTC). No fields.', zone: null }],
])("cadenceParts separates the zone of %j from the words", (cadence, parts) => {
  expect(cadenceParts(cadence)).toEqual(parts);
});
