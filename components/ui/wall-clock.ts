import { zoneOffsetMs } from "./format";

const DAY_MS = 86_400_000;

/**
 * The value of a time field whose text is not a date and time. It is refused on save, because null would mean "no
 * time".
 */
export const INCOMPLETE_TIME = "incomplete";

/** The instants of a wall time in a zone. In a gap: the times before and after the jump. */
export type WallResolution =
  | { kind: "exact"; instant: string }
  | { kind: "gap" | "overlap"; earlier: string; later: string }
  | { kind: "invalid" };

/** Resolves a wall time such as `2026-03-29T02:30` in a zone to instants (ISO 8601 UTC). */
export function resolveWall(wall: string, zone: string): WallResolution {
  const wallMs = wallMsOf(wall);
  if (wallMs === null) return { kind: "invalid" };
  try {
    return resolve(wallMs, zone);
  } catch {
    return { kind: "invalid" };
  }
}

const WALL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/;

/** The wall time as if it were UTC, epoch ms; null if the text is not a time. */
function wallMsOf(wall: string): number | null {
  const ms = WALL.test(wall) ? Date.parse(`${wall}Z`) : Number.NaN;
  // `Date` turns a day that the month does not have, such as 30 February, into a day of the next month.
  return Number.isNaN(ms) || iso(ms).slice(0, 16) !== wall.slice(0, 16) ? null : ms;
}

/**
 * The instant of a wall time, or null if it is invalid. Returns the later time in a gap and the earlier time in an
 * overlap, as in RFC 5545.
 */
export function instantOfWall(wall: string, zone: string): string | null {
  const resolution = resolveWall(wall, zone);
  switch (resolution.kind) {
    case "exact":
      return resolution.instant;
    case "gap":
      return resolution.later;
    case "overlap":
      return resolution.earlier;
    case "invalid":
      return null;
  }
}

/**
 * Tries the offsets of a day before and after, because a zone changes its offset at most once in between. `wallMs` is
 * the wall time as if it were UTC.
 */
function resolve(wallMs: number, zone: string): WallResolution {
  const before = zoneOffsetMs(wallMs - DAY_MS, zone);
  const after = zoneOffsetMs(wallMs + DAY_MS, zone);
  const instants = [...new Set([wallMs - before, wallMs - after])].sort((a, b) => a - b);
  const shown = instants.filter((ms) => ms + zoneOffsetMs(ms, zone) === wallMs);
  if (shown.length === 1) return { kind: "exact", instant: iso(shown[0] as number) };
  const [earlier = wallMs, later = earlier] = instants;
  // In an overlap, both instants have this wall time; in a gap, none has.
  return { kind: shown.length === 2 ? "overlap" : "gap", earlier: iso(earlier), later: iso(later) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The wall time of an instant in a zone, for the text of a field; seconds only if they are not zero. */
export function wallOf(instant: string, zone: string): string {
  const ms = Date.parse(instant);
  const wall = iso(ms + zoneOffsetMs(ms, zone));
  return wall.slice(0, wall.slice(17, 19) === "00" ? 16 : 19);
}
