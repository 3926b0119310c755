import { formatInstant, wallTime, zoneOffsetMinutes } from "~/components/ui/format";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Round distances between ticks, from 1 minute to 30 days. */
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200].map(
  (minutes) => minutes * MINUTE_MS,
);

/** At most `count` bucket starts: starts at round local times in the zone, or every n-th start if none is round. */
export function axisTicks(starts: readonly number[], { zone, count = 8 }: { zone: string; count?: number }): number[] {
  const first = starts[0];
  const last = starts.at(-1);
  if (first === undefined || last === undefined) return [];
  const step = STEPS_MS.find((ms) => (last - first) / ms <= count - 1) ?? (STEPS_MS.at(-1) as number);
  // Round in the zone, not in UTC: days start at local midnight.
  const ticks = starts.filter((at) => (at + zoneOffsetMinutes(at, zone) * MINUTE_MS) % step === 0);
  if (ticks.length > 0) return ticks.slice(0, count);
  const every = Math.ceil(starts.length / count);
  return starts.filter((_, index) => index % every === 0);
}

/** The label of a tick: a date on an axis of over four days, and at midnight on one of over 12 hours; else a time. */
export function formatTick(
  at: number,
  { zone, hour12, spanMs }: { zone: string; hour12: boolean; spanMs: number },
): string {
  const wall = wallTime(at, zone);
  const isMidnight = wall.hour === 0 && wall.minute === 0;
  if (spanMs > 4 * DAY_MS || (isMidnight && spanMs > 12 * HOUR_MS)) {
    const dateAndTime = formatInstant(at, { zone, hour12, format: "short", precision: "minute" });
    return dateAndTime.split(",")[0] as string;
  }
  return formatInstant(at, { zone, hour12, format: "time", precision: "minute" });
}
