import { Temporal } from "temporal-polyfill";
import { zoneOffsetMs } from "./format";

const DAY_MS = 86_400_000;

/** The instants of a wall time in a zone: one, none (a gap) or two (an overlap). */
export type WallResolution =
  | { kind: "exact"; instant: string }
  | { kind: "gap" | "overlap"; earlier: string; later: string }
  | { kind: "invalid" };

/** Resolves a wall time such as `2026-03-29T02:30` in a zone to instants (ISO 8601 UTC). */
export function resolveWall(wall: string, zone: string): WallResolution {
  try {
    const plain = Temporal.PlainDateTime.from(wall, { overflow: "reject" });
    return resolve(plain.toZonedDateTime("UTC").epochMilliseconds, zone);
  } catch {
    return { kind: "invalid" };
  }
}

/** `wallMs` is the wall time as if it were UTC. */
function resolve(wallMs: number, zone: string): WallResolution {
  const before = zoneOffsetMs(wallMs - DAY_MS, zone);
  const after = zoneOffsetMs(wallMs + DAY_MS, zone);
  const instants = [...new Set([wallMs - before, wallMs - after])].sort((a, b) => a - b);
  const shown = instants.filter((ms) => ms + zoneOffsetMs(ms, zone) === wallMs);
  if (shown.length === 1) return { kind: "exact", instant: iso(shown[0] as number) };
  const [earlier = wallMs, later = earlier] = instants;
  // In an overlap both instants have this wall time; in a gap neither has.
  return { kind: shown.length === 2 ? "overlap" : "gap", earlier: iso(earlier), later: iso(later) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The wall time of an instant in a zone, for `datetime-local` inputs; seconds only if they are not zero. */
export function wallOf(instant: string, zone: string): string {
  const ms = Temporal.Instant.from(instant).epochMilliseconds;
  const plain = Temporal.Instant.fromEpochMilliseconds(ms + zoneOffsetMs(ms, zone))
    .toZonedDateTimeISO("UTC")
    .toPlainDateTime();
  return plain.toString({ smallestUnit: plain.second === 0 ? "minute" : "second" });
}
