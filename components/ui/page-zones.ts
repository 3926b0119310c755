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
/** Whether the element was looked for; a page without it is not searched again. */
let hasTried = false;

/**
 * Offset in ms by the server's tz database, so that pages show the times at which schedules fire: the
 * browser's database may be years old. Null if the page has no rule; the caller then uses the browser's.
 */
export function pageOffsetMs(epochMs: number, zone: string): number | null {
  if (!hasZones() && !loadPageZones()) return null;
  if (epochMs < sinceMs) return null;
  try {
    return offsetAt(zoneOf(zone), epochMs);
  } catch {
    return null;
  }
}

/** All names of the server's tz database, links included; null if the page has no time zone rules. */
export function pageZoneNames(): readonly string[] | null {
  return hasZones() || loadPageZones() ? zonesInUse().names : null;
}

/** Whether the server's tz database has this zone; null if the page has no time zone rules. */
export function pageKnowsZone(zone: string): boolean | null {
  return hasZones() || loadPageZones() ? isKnownZone(zone) : null;
}

/** Loads the rules from the page, once. False if the page has none. */
function loadPageZones(): boolean {
  if (hasTried || typeof document === "undefined") return false;
  hasTried = true;
  const text = document.getElementById(PAGE_ZONES_ID)?.textContent;
  if (!text) return false;
  const page = JSON.parse(text) as PageZones;
  sinceMs = page.sinceMs;
  loadZones(openSnapshot(page.zones));
  return true;
}
