import { expect, it } from "vitest";
import { timeInBothZones } from "./asked-time";

it.each([
  ["2026-11-25T08:00:00Z", "Europe/Berlin", "09:00 Europe/Berlin (08:00 UTC) on 25 Nov 2026"],
  ["2026-11-25T08:00:05Z", "Europe/Berlin", "09:00:05 Europe/Berlin (08:00:05 UTC) on 25 Nov 2026"],
  ["2026-11-25T03:00:00Z", "America/New_York", "22:00 America/New York on 24 Nov 2026 (03:00 UTC on 25 Nov 2026)"],
  // London has the time of UTC in winter.
  ["2026-11-25T08:00:00Z", "Europe/London", null],
])("timeInBothZones describes %s of a schedule in %s", (at, zone, text) => {
  expect(timeInBothZones(Date.parse(at), zone, { zone: "UTC", hour12: false })).toBe(text);
});
