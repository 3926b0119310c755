import { MILLISECONDS_ABOVE } from "./instant";

/** The latest time of a `Date`. */
const LARGEST_INSTANT_MS = 8.64e15;
const NUMBER = /^\d+(\.\d+)?(e\+?\d+)?$/i;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * Parses a `delivery_time` header to epoch ms. Accepts an epoch number, with or without fraction, and ISO 8601, in UTC
 * if it has no zone (Python's `utcnow().isoformat()`). Null for any other text and for dates that do not exist.
 */
export function parseInstant(text: string): number | null {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) {
    const number = Number(trimmed);
    const ms = Math.round(number > MILLISECONDS_ABOVE ? number : number * 1000);
    return ms <= LARGEST_INSTANT_MS ? ms : null;
  }
  return parseIso(trimmed);
}

/** Parses a delay header to whole ms; null for text that is not a number, and for a negative or too large number. */
export function parseDelayMs(text: string): number | null {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) && Number(trimmed) <= LARGEST_INSTANT_MS ? Math.round(Number(trimmed)) : null;
}

function parseIso(text: string): number | null {
  const match = ISO.exec(text);
  if (!match) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Math.floor(Number(`0.${fraction}`) * 1000));
  // `Date` turns 30 February into a day of March, so the result is compared with the text.
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  if (!date.toISOString().startsWith(written)) return null;
  const offsetMinutes = zoneMinutes(zone);
  return offsetMinutes === null ? null : date.getTime() - offsetMinutes * 60_000;
}

/** The offset of `Z`, `+02`, `+0200` or `+02:00` in minutes; null if it is out of range. */
function zoneMinutes(zone: string): number | null {
  if (zone.toUpperCase() === "Z") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
