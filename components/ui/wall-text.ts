/* A wall time is a date and time on the clock of a zone, without the zone. */

/** The `pattern` attribute of an input for a wall time. */
export const WALL_PATTERN = "\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d)?";
export const WALL_FORMAT = "YYYY-MM-DD HH:MM";

const WALL = new RegExp(`^${WALL_PATTERN}$`);

/** A typed wall time as "2026-11-24T03:15", with seconds if it has them; null if it is not a date and time. */
export function readWall(text: string): string | null {
  const trimmed = text.trim();
  if (!WALL.test(trimmed)) return null;
  const wall = trimmed.replace(" ", "T");
  const utc = new Date(`${wall}Z`);
  // `Date` shifts a day that does not exist, such as 30 February, to another day.
  return !Number.isNaN(utc.getTime()) && utc.toISOString().startsWith(wall) ? wall : null;
}

export const CLOCK_FORMAT = "HH:MM";

/** A typed time of day such as "9:05" as "09:05"; null if it is not a time from 00:00 to 23:59. */
export function readClock(text: string): string | null {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  return hour === undefined || minute === undefined ? null : `${hour.padStart(2, "0")}:${minute}`;
}

/** A wall time as an input shows it: "2026-11-24 03:15". */
export function wallText(wall: string): string {
  return wall.replace("T", " ");
}
