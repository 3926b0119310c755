import { expect, it } from "vitest";
import { weekHourText } from "./week-hour-text";

const nowMs = Date.parse("2026-11-30T12:00:00Z");

it.each([
  [1, 9, "Europe/Berlin", "Mon 09:00 – 10:00"],
  [7, 23, "UTC", "Sun 23:00 – 00:00"],
  [3, null, "UTC", "Wed"],
  [null, 0, "America/New_York", "00:00 – 01:00"],
  [2, 7, "Asia/Kolkata", "Tue 07:30 – 08:30"],
  [2, 7, "America/St_Johns", "Tue 07:30 – 08:30"],
  [2, 7, "Mars/Olympus", "Tue 07:00 – 08:00"],
  [2, 7, "Asia/Kathmandu", "Tue 07:45 – 08:45"],
])("weekHourText of weekday %s and hour %s in %s is %s", (weekday, hour, zone, text) => {
  expect(weekHourText({ weekday, hour }, { zone, nowMs })).toBe(text);
});
