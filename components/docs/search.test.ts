import { expect, test } from "vitest";
import { findInDocs } from "./search";

const ENTRIES = [
  { href: "/docs/retries#dead-letters", label: "Dead letters", hint: "Retries, dead letters and breakers" },
  { href: "/docs/retries", label: "Retries, dead letters and breakers", hint: "Guide" },
  { href: "/docs/retries#retries", label: "Retries", hint: "Retries, dead letters and breakers" },
  { href: "/docs/api/schedules#createSchedule", label: "Create a schedule", hint: "POST /admin/schedules" },
];
const labels = (text: string, limit = 10) => findInDocs(ENTRIES, text, limit).map(({ label }) => label);

test.each([
  ["retries", ["Retries, dead letters and breakers", "Retries", "Dead letters"]],
  ["DEAD letters", ["Dead letters", "Retries, dead letters and breakers", "Retries"]],
  ["schedule create", ["Create a schedule"]],
  ["post /admin", ["Create a schedule"]],
  ["nothing", []],
  ["  ", []],
])("the search for %j finds %j", (text, found) => {
  expect(labels(text)).toEqual(found);
});

test("the search finds at most as many entries as the limit", () => {
  expect(labels("retries", 1)).toEqual(["Retries, dead letters and breakers"]);
});
