import { hasZones, isKnownZone, loadZones, offsetAt, zoneOf, zonesInUse } from "~/server/domain/recurrence/zone";
import { openSnapshot, type ZoneSnapshot } from "~/server/domain/recurrence/zone-snapshot";

/** Id of the element in which the server sends its time zone rules. */
export const PAGE_ZONES_ID = "stufio-zones";

/** The rules from `sinceMs` (epoch ms) on; for earlier times the browser's own rules are used. */
export interface PageZones {
  sinceMs: number;
  zones: ZoneSnapshot;
}

let sinceMs = Number.NEGATIVE_INFINITY;
let isLoaded = false;

/**
 * Offset in ms by the server's tz database, so that pages show the times at which schedules fire: the
 * browser's database may be years old. Null if the page has no rule; the caller then uses the browser's.
 */
export function pageOffsetMs(epochMs: number, zone: string): number | null {
  if (!hasZones() && !readPage()) return null;
  if (epochMs < sinceMs) return null;
  try {
    return offsetAt(zoneOf(zone), epochMs);
  } catch {
    return null;
  }
}

/** All names of the server's tz database, links included; null if the page has none. */
export function pageZoneNames(): readonly string[] | null {
  return hasZones() || readPage() ? zonesInUse().names : null;
}

/** Whether the server knows this zone; null if unknown. */
export function pageKnowsZone(zone: string): boolean | null {
  return hasZones() || readPage() ? isKnownZone(zone) : null;
}

function readPage(): boolean {
  if (isLoaded || typeof document === "undefined") return false;
  isLoaded = true;
  const text = document.getElementById(PAGE_ZONES_ID)?.textContent;
  if (!text) return false;
  const page = JSON.parse(text) as PageZones;
  sinceMs = page.sinceMs;
  loadZones(openSnapshot(page.zones));
  return true;
}
