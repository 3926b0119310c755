import { expect, it } from "vitest";
import { pastTimeFault } from "./past-time";

const NOW = Date.parse("2026-11-29T12:00:00Z");

it.each([
  ["accepts a time in the future", "2026-11-29T12:01:00Z", null],
  ["accepts a time within the grace", "2026-11-29T11:59:00Z", null],
  [
    "refuses a time just before the grace",
    "2026-11-29T11:58:59Z",
    "This time has passed: it was 61 seconds ago. Choose a time in the future.",
  ],
  [
    "refuses an old time",
    "2020-10-31T01:30:00Z",
    "This time has passed: it was 6 years ago. Choose a time in the future.",
  ],
  ["accepts no time", null, null],
  ["accepts an incomplete time", "incomplete", null],
])("pastTimeFault %s", (_name, instant, text) => {
  expect(pastTimeFault(instant, NOW)).toBe(text);
});
