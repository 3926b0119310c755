import { hasZones, isKnownZone, loadZones, offsetAt, zoneOf, zonesInUse } from "~/server/domain/recurrence/zone";
import { openSnapshot, type ZoneSnapshot } from "~/server/domain/recurrence/zone-snapshot";

/** The rules from `sinceMs` (epoch ms) on; for earlier times the browser's own rules are used. */
export interface PageZones {
  sinceMs: number;
  zones: ZoneSnapshot;
}

let sinceMs = Number.NEGATIVE_INFINITY;
let pageZonesJson: string | null = null;

/** Sets the page's time zone rules, a `PageZones` as JSON. They are parsed when the first rule is needed. */
export function setPageZones(json: string): void {
  pageZonesJson = json;
}

/**
 * Offset in ms by the server's tz database, so that pages show the times at which schedules fire: the browser's
 * database may be years old. Null if the page has no rule; the caller then uses the browser's rules.
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

/** Parses the page's rules, once. False if the page has no rules. */
function loadPageZones(): boolean {
  if (pageZonesJson === null || typeof document === "undefined") return false;
  const pageZones = JSON.parse(pageZonesJson) as PageZones;
  pageZonesJson = null;
  sinceMs = pageZones.sinceMs;
  loadZones(openSnapshot(pageZones.zones));
  return true;
}
