import { hasZones, isKnownZone, loadZones, offsetAt, zoneOf, zonesInUse } from "~/server/domain/recurrence/zone";
import { openSnapshot, type ZoneSnapshot } from "~/server/domain/recurrence/zone-snapshot";

/** Id of the element in which the server gives the page its time zone rules. */
export const PAGE_ZONES_ID = "stufio-zones";

/** The rules from `sinceMs` on, epoch ms; what was before, the browser's own know as well. */
export interface PageZones {
  sinceMs: number;
  zones: ZoneSnapshot;
}

let sinceMs = Number.NEGATIVE_INFINITY;
let isLookedFor = false;

/**
 * Offset in ms by the server's tz database, so that a page never shows another time than the one that fires: the
 * browser's may be years old. Null where the page has no rules for it: the caller then asks the browser.
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

/** Every name that the server's tz database knows, links included; null where the page has none. */
export function pageZoneNames(): readonly string[] | null {
  return hasZones() || readPage() ? zonesInUse().names : null;
}

/** Whether the server knows this zone; null where the page cannot tell. */
export function pageKnowsZone(zone: string): boolean | null {
  return hasZones() || readPage() ? isKnownZone(zone) : null;
}

function readPage(): boolean {
  if (isLookedFor || typeof document === "undefined") return false;
  isLookedFor = true;
  const text = document.getElementById(PAGE_ZONES_ID)?.textContent;
  if (!text) return false;
  const page = JSON.parse(text) as PageZones;
  sinceMs = page.sinceMs;
  loadZones(openSnapshot(page.zones));
  return true;
}
