import { wallTime, zoneOffsetMinutes } from "~/components/ui/format";
import { readWall } from "~/components/ui/wall-text";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const RANGE_PRESETS = {
  "15m": { label: "Last 15 minutes", ms: 15 * MINUTE_MS },
  "1h": { label: "Last hour", ms: HOUR_MS },
  "6h": { label: "Last 6 hours", ms: 6 * HOUR_MS },
  "24h": { label: "Last 24 hours", ms: DAY_MS },
  "7d": { label: "Last 7 days", ms: 7 * DAY_MS },
  "30d": { label: "Last 30 days", ms: 30 * DAY_MS },
} as const;

export type RangePreset = keyof typeof RANGE_PRESETS;

/** A range that moves with the clock, or two fixed instants (epoch ms, `to` exclusive). */
export type TimeRange = { preset: RangePreset } | { from: number; to: number };

export const DEFAULT_RANGE: TimeRange = { preset: "24h" };

/** Both ends of the range, epoch ms. A preset ends at `nowMs`. */
export function resolveRange(range: TimeRange, nowMs: number): { from: number; to: number } {
  return "preset" in range
    ? { from: nowMs - RANGE_PRESETS[range.preset].ms, to: nowMs }
    : { from: range.from, to: range.to };
}

/** For the URL: "24h", or "2026-11-24T03:00:00.000Z/2026-11-24T04:00:00.000Z". */
export function serializeRange(range: TimeRange): string {
  if ("preset" in range) return range.preset;
  return `${new Date(range.from).toISOString()}/${new Date(range.to).toISOString()}`;
}

/** Reads the text of `serializeRange`; null for text that is no range, and for an empty or reversed range. */
export function parseRange(text: string): TimeRange | null {
  if (Object.hasOwn(RANGE_PRESETS, text)) return { preset: text as RangePreset };
  const [from = Number.NaN, to = Number.NaN, ...rest] = text.split("/").map((part) => Date.parse(part));
  return rest.length === 0 && from < to ? { from, to } : null;
}

const twoDigits = (value: number) => String(value).padStart(2, "0");

/** The text of a field for an instant in a zone: "2026-11-24 03:15". */
export function toWallInput(epochMs: number, zone: string): string {
  const wall = wallTime(epochMs, zone);
  return `${wall.year}-${twoDigits(wall.month)}-${twoDigits(wall.day)} ${twoDigits(wall.hour)}:${twoDigits(wall.minute)}`;
}

/**
 * Epoch ms of a wall time in a zone; null if the text is not a time. Returns the first instant of an overlap. Moves a
 * time in a gap by the length of the gap.
 */
export function fromWallInput(text: string, zone: string): number | null {
  const wall = readWall(text);
  if (wall === null) return null;
  const asUtc = Date.parse(`${wall}Z`);
  const before = zoneOffsetMinutes(asUtc - DAY_MS, zone) * MINUTE_MS;
  const after = zoneOffsetMinutes(asUtc + DAY_MS, zone) * MINUTE_MS;
  // In an overlap both offsets match, and the offset before the clock change gives the first instant.
  for (const offset of [before, after]) {
    if (zoneOffsetMinutes(asUtc - offset, zone) * MINUTE_MS === offset) return asUtc - offset;
  }
  // In a gap no offset matches.
  return asUtc - before;
}
