import { zoneOffsetMinutes } from "~/components/ui/format";

const DAY_MS = 86_400_000;
const DAYS_AHEAD = 2 * 366;
/** Shorter than any daylight saving period. */
const STEP_DAYS = 14;

/** Whether clocks change in the two years after `nowMs`, so that the daylight saving policies have an effect. */
export function hasClockChanges(zone: string, nowMs: number): boolean {
  const offset = zoneOffsetMinutes(nowMs, zone);
  for (let days = STEP_DAYS; days <= DAYS_AHEAD; days += STEP_DAYS) {
    if (zoneOffsetMinutes(nowMs + days * DAY_MS, zone) !== offset) return true;
  }
  return false;
}
