import { zoneOffsetMs } from "~/components/ui/format";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A quarter of an hour, because offsets such as +05:45 are not whole hours. */
const STEP_MS = HOUR_MS / 4;
/** The weekday of 1 January 1970, a Thursday; Monday is 0. */
const EPOCH_WEEKDAY = 3;

/** The hours of the week that a range touches, on the clock of the zone, as `weekday * 24 + hour`; Monday is 0. */
export function weekHours({ from, to, zone }: { from: string; to: string; zone: string }): ReadonlySet<number> {
  const hours = new Set<number>();
  const endMs = Date.parse(to);
  // From a whole step, because hours begin at whole steps.
  const startMs = Math.floor(Date.parse(from) / STEP_MS) * STEP_MS;
  for (let atMs = startMs; atMs < endMs && hours.size < 7 * 24; atMs += STEP_MS) {
    const localMs = atMs + zoneOffsetMs(atMs, zone);
    const weekday = (Math.floor(localMs / DAY_MS) + EPOCH_WEEKDAY) % 7;
    hours.add(weekday * 24 + Math.floor((localMs % DAY_MS) / HOUR_MS));
  }
  return hours;
}
