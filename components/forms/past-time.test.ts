import { expect, it } from "vitest";
import { pastTimeFault } from "./past-time";

const NOW = Date.parse("2026-11-29T12:00:00Z");

it.each([
  ["a time in the future", "2026-11-29T12:01:00Z", null],
  ["a time within the grace", "2026-11-29T11:59:00Z", null],
  [
    "a recent time",
    "2026-11-29T11:58:59Z",
    "This time has passed: it was 61 seconds ago. Choose a time in the future.",
  ],
  ["an old time", "2020-10-31T01:30:00Z", "This time has passed: it was 6 years ago. Choose a time in the future."],
  ["no time", null, null],
  ["an incomplete time", "incomplete", null],
])("pastTimeFault of %s", (_name, instant, text) => {
  expect(pastTimeFault(instant, NOW)).toBe(text);
});
