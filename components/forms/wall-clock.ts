import { Temporal } from "temporal-polyfill";

/** What a wall time names in a zone: one instant, none (the clocks jump over it) or two (they go back over it). */
export type WallResolution =
  | { kind: "exact"; instant: string }
  | { kind: "gap" | "overlap"; earlier: string; later: string }
  | { kind: "invalid" };

/** Instants (ISO 8601 UTC) of a wall time such as `2026-03-29T02:30` in a zone. */
export function resolveWall(wall: string, zone: string): WallResolution {
  let plain: Temporal.PlainDateTime;
  try {
    plain = Temporal.PlainDateTime.from(wall, { overflow: "reject" });
    return { kind: "exact", instant: instantOf(plain.toZonedDateTime(zone, { disambiguation: "reject" })) };
  } catch {
    return ambiguous(wall, zone);
  }
}

function ambiguous(wall: string, zone: string): WallResolution {
  try {
    const plain = Temporal.PlainDateTime.from(wall, { overflow: "reject" });
    const earlier = plain.toZonedDateTime(zone, { disambiguation: "earlier" });
    const later = plain.toZonedDateTime(zone, { disambiguation: "later" });
    // In an overlap both keep the wall time; in a gap neither does.
    const kind = earlier.toPlainDateTime().equals(plain) ? "overlap" : "gap";
    return { kind, earlier: instantOf(earlier), later: instantOf(later) };
  } catch {
    return { kind: "invalid" };
  }
}

function instantOf(time: Temporal.ZonedDateTime): string {
  return new Date(time.epochMilliseconds).toISOString();
}

/** The wall time of an instant in a zone, as `datetime-local` inputs take it; seconds only where there are any. */
export function wallOf(instant: string, zone: string): string {
  const plain = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime();
  return plain.toString({ smallestUnit: plain.second === 0 ? "minute" : "second" });
}
