// Formatters whose text does not depend on the locale of the browser or of the server. Times are epoch ms, and lengths
// of time are ms. Offsets of zones come from `zoneOffsetMs`.

import { pageOffsetMs } from "./page-zones";

export interface DisplayZone {
  /** IANA name. */
  zone: string;
  hour12: boolean;
}

export type TimeInput = string | number | Date;
export type InstantFormat = "full" | "short" | "date" | "time";
export type InstantPrecision = "minute" | "second" | "ms";

export const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
export const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MINUS = "−";

/** Stands for a missing value. In tables and lists use `NoValue`, which screen readers can read. */
export const NO_VALUE = "–";

/** How many of an id's last characters `shortId` shows. */
const SHORT_ID_LENGTH = 8;

/** The end of an id, because UUIDs of the same minute start with the same characters: "…4f5a6b7c". */
export const shortId = (id: string): string => `…${id.slice(-SHORT_ID_LENGTH)}`;

/** The text with an upper-case first letter. */
export const toSentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// Creating a format is much slower than using it.
const zoneFormats = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(zone: string): Intl.DateTimeFormat {
  let format = zoneFormats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    zoneFormats.set(zone, format);
  }
  return format;
}

/** Epoch ms of an ISO string, a number of ms or a Date; null for anything else. */
export function toEpochMs(value: TimeInput | null | undefined): number | null {
  if (value === null || value === undefined || value === "") return null;
  const ms = typeof value === "number" ? value : new Date(value).getTime();
  return Number.isFinite(ms) ? ms : null;
}

export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  weekday: number;
}

/**
 * The wall clock of `zone` at `epochMs`; `month` from 1, `weekday` from 0 = Sunday. Throws RangeError on an unknown
 * zone.
 */
export function wallTime(epochMs: number, zone: string): WallTime {
  const wall = new Date(Math.floor(epochMs / SECOND) * SECOND + zoneOffsetMs(epochMs, zone));
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    ms: Math.floor(((epochMs % SECOND) + SECOND) % SECOND),
    weekday: wall.getUTCDay(),
  };
}

/** Milliseconds that `zone` is ahead of UTC at `epochMs`, by the server's rules, else by the browser's rules. */
export function zoneOffsetMs(epochMs: number, zone: string): number {
  const known = pageOffsetMs(epochMs, zone);
  if (known !== null) return known;
  const parts: Record<string, number> = {};
  for (const { type, value } of zoneFormat(zone).formatToParts(epochMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / SECOND) * SECOND;
}

/** Minutes that `zone` is ahead of UTC at `epochMs`. */
export function zoneOffsetMinutes(epochMs: number, zone: string): number {
  return Math.round(zoneOffsetMs(epochMs, zone) / MINUTE);
}

/** "UTC", "UTC+2", "UTC+5:30", "UTC−3". */
export function formatOffset(minutes: number): string {
  if (minutes === 0) return "UTC";
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? MINUS : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** The zone's name and its offset at that moment: "Europe/Berlin (UTC+1)". UTC has no offset: "UTC". */
export function formatZone(epochMs: number, zone: string): string {
  const offset = formatOffset(zoneOffsetMinutes(epochMs, zone));
  return zone === "UTC" ? "UTC" : `${zone.replaceAll("_", " ")} (${offset})`;
}

const twoDigits = (value: number) => String(value).padStart(2, "0");

function clock(wall: WallTime, hour12: boolean, precision: InstantPrecision): string {
  const hour = hour12 ? String(wall.hour % 12 || 12) : twoDigits(wall.hour);
  const seconds = precision === "minute" ? "" : `:${twoDigits(wall.second)}`;
  const ms = precision === "ms" ? `.${String(wall.ms).padStart(3, "0")}` : "";
  return `${hour}:${twoDigits(wall.minute)}${seconds}${ms}${hour12 ? (wall.hour < 12 ? " AM" : " PM") : ""}`;
}

/** "24 Nov 2026, 03:15:07" (`full`), without the year (`short`), or only the `date` or the `time`. */
export function formatInstant(
  epochMs: number,
  {
    zone,
    hour12,
    format = "full",
    precision = "second",
  }: DisplayZone & { format?: InstantFormat; precision?: InstantPrecision },
): string {
  const wall = wallTime(epochMs, zone);
  const time = clock(wall, hour12, precision);
  if (format === "time") return time;
  const short = `${wall.day} ${MONTHS[wall.month - 1]}`;
  const date = format === "short" ? short : `${short} ${wall.year}`;
  return format === "date" ? date : `${date}, ${time}`;
}

/** A time with its zone as text, where no `Instant` can be rendered: "24 Nov 2026, 03:15:07 Europe/Berlin (UTC+1)". */
export function formatZoned(epochMs: number, display: DisplayZone): string {
  return `${formatInstant(epochMs, display)} ${formatZone(epochMs, display.zone)}`;
}

/** The tooltip of a time: weekday, date, time to the ms, zone, and the same in ISO 8601 UTC. */
export function formatInstantTitle(epochMs: number, { zone, hour12 }: DisplayZone): string {
  const weekday = WEEKDAYS[wallTime(epochMs, zone).weekday];
  const local = formatInstant(epochMs, { zone, hour12, precision: "ms" });
  return `${weekday} ${local} ${formatZone(epochMs, zone)}\n${new Date(epochMs).toISOString()}`;
}

/**
 * A length of time, from one minute on in its two largest units: "850 ms", "12.4 s", "3 min 20 s", "2 h 5 min",
 * "3 d 4 h". The sign is dropped.
 */
export function formatDuration(durationMs: number): string {
  const ms = Math.abs(durationMs);
  if (ms < 1) return ms === 0 ? "0 ms" : `${ms.toFixed(2)} ms`;
  if (ms < SECOND) return Math.round(ms) === SECOND ? "1 s" : `${Math.round(ms)} ms`;
  if (ms < MINUTE) {
    const tenths = Math.round(ms / 100) / 10;
    return tenths === 60 ? "1 min" : `${tenths} s`;
  }
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string) => {
    const total = Math.round(ms / small);
    const perBig = big / small;
    const rest = total % perBig;
    return `${formatNumber(Math.floor(total / perBig))} ${bigUnit}${rest ? ` ${rest} ${smallUnit}` : ""}`;
  };
  if (ms < HOUR - SECOND / 2) return pair(MINUTE, "min", SECOND, "s");
  if (ms < DAY - MINUTE / 2) return pair(HOUR, "h", MINUTE, "min");
  return pair(DAY, "d", HOUR, "h");
}

/** The smallest of these steps that is at least 2 % of the percentile is used, or else the largest. */
const PERCENTILE_STEPS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600].map((seconds) => seconds * SECOND);

/** A percentile as a duration. Rounded from one minute on, because the server computes percentiles to 1 %. */
export function formatPercentile(durationMs: number): string {
  if (durationMs < MINUTE) return formatDuration(durationMs);
  const step = PERCENTILE_STEPS.find((one) => one >= durationMs * 0.02) ?? HOUR;
  return formatDuration(Math.round(durationMs / step) * step);
}

/** Lateness with sign and unit: "+320 ms" late, "−2 s" early, "0 ms" on time. */
export function formatLateness(latenessMs: number): string {
  const text = formatDuration(latenessMs);
  if (latenessMs === 0) return text;
  return `${latenessMs > 0 ? "+" : MINUS}${text}`;
}

const RELATIVE_UNITS = [
  { belowMs: MINUTE, unitMs: SECOND, unit: "s" },
  { belowMs: HOUR, unitMs: MINUTE, unit: "min" },
  { belowMs: 2 * DAY, unitMs: HOUR, unit: "h" },
  { belowMs: 60 * DAY, unitMs: DAY, unit: "d" },
  { belowMs: 730 * DAY, unitMs: 30.44 * DAY, unit: "mo" },
];
const YEARS = { unitMs: 365.25 * DAY, unit: "y" };

/** Relative to now: "now", "in 5 min", "3 min ago". One unit, rounded to the nearest: 22 d 21 h is "23 d". */
export function formatRelative(epochMs: number, nowMs: number): string {
  const delta = epochMs - nowMs;
  const ms = Math.abs(delta);
  if (ms < SECOND) return "now";
  // A number that is rounded up to the next unit is written in that unit: 59.7 s is "1 min".
  const roundedTo = (unitMs: number) => Math.round(ms / unitMs);
  const { unitMs, unit } = RELATIVE_UNITS.find((one) => roundedTo(one.unitMs) * one.unitMs < one.belowMs) ?? YEARS;
  const text = `${roundedTo(unitMs)} ${unit}`;
  return delta > 0 ? `in ${text}` : `${text} ago`;
}

/** "1,234,567"; at most `digits` after the point. */
export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

/** A short number for axes and tiles: "950", "1.2k", "3.4M". */
export function formatCompact(value: number): string {
  const size = Math.abs(value);
  // From 999.5 on, a number would be rounded to 1000, which is written in the next unit.
  if (size < 999.5) return formatNumber(value, size < 10 ? 1 : 0);
  const [scale, unit] = size < 999_500 ? [1e3, "k"] : size < 999_500_000 ? [1e6, "M"] : [1e9, "G"];
  const scaled = value / (scale as number);
  return `${Math.abs(scaled) < 99.95 ? scaled.toFixed(1).replace(/\.0$/, "") : Math.round(scaled)}${unit}`;
}

/** Tolerance for binary fractions: 0.07 * 100 is slightly more than 7, but must be shown as 7% and not as 7.01%. */
const ROUNDING_ERROR = 1e-9;

/** A ratio as a percentage: "99.95%". Never rounds up to 100% or down to 0%. */
export function formatRatio(ratio: number, digits = 2): string {
  if (ratio === 0 || ratio === 1) return `${ratio * 100}%`;
  const scale = 10 ** digits;
  const percent =
    ratio > 0.5
      ? Math.floor(ratio * 100 * scale + ROUNDING_ERROR) / scale
      : Math.ceil(ratio * 100 * scale - ROUNDING_ERROR) / scale;
  return `${percent}%`;
}

/** The size of a text in UTF-8, in bytes. */
export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Bytes: "512 B", "20 kB", "1.4 MB" (1 kB = 1000 B). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.5 && unit < units.length - 1);
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} ${units[unit]}`;
}

/** A count; "1,000+" if the server stopped counting at 1,000 (`capped`). */
export function formatCount(count: number, capped = false): string {
  return `${formatNumber(count)}${capped ? "+" : ""}`;
}

/** A count with its noun, given in the singular: "1 dead letter", "1,000+ schedules". */
export function formatCounted(count: number, noun: string, capped = false): string {
  return `${formatCount(count, capped)} ${count === 1 && !capped ? noun : pluralOf(noun)}`;
}

/** "entries" for "entry", "rows" for "row". */
export const pluralOf = (noun: string): string => (/[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`);
