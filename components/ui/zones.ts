import type { ComboboxOption } from "./combobox-option";
import { formatOffset, zoneOffsetMinutes } from "./format";
import { pageKnowsZone, pageZoneNames } from "./page-zones";

/** The names of some renamed zones, the current name first. */
const ALIASES: readonly (readonly string[])[] = [
  ["Asia/Kolkata", "Asia/Calcutta"],
  ["Europe/Kyiv", "Europe/Kiev"],
  ["Asia/Ho_Chi_Minh", "Asia/Saigon"],
  ["Asia/Kathmandu", "Asia/Katmandu"],
  ["Asia/Yangon", "Asia/Rangoon"],
  ["America/Argentina/Buenos_Aires", "America/Buenos_Aires"],
  ["Atlantic/Faroe", "Atlantic/Faeroe"],
  ["America/Nuuk", "America/Godthab"],
  ["Africa/Asmara", "Africa/Asmera"],
  ["Pacific/Chuuk", "Pacific/Truk"],
  ["Pacific/Pohnpei", "Pacific/Ponape"],
  ["America/Indiana/Indianapolis", "America/Indianapolis"],
  ["America/Kentucky/Louisville", "America/Louisville"],
];

/** Search words that are not part of the zone name. */
const SEARCH_WORDS: Record<string, string> = {
  UTC: "GMT Zulu Universal Greenwich",
  "America/New_York": "EST EDT Eastern Boston Washington Miami",
  "America/Chicago": "CST CDT Central Dallas Houston",
  "America/Denver": "MST MDT Mountain",
  "America/Los_Angeles": "PST PDT Pacific San Francisco Seattle",
  "America/Sao_Paulo": "Rio Brasilia",
  "America/Toronto": "Ottawa Montreal",
  "Europe/London": "GMT BST Britain UK Edinburgh",
  "Europe/Berlin": "CET CEST Germany Munich Hamburg Frankfurt",
  "Europe/Paris": "CET CEST France Lyon",
  "Europe/Zurich": "Geneva Bern Switzerland",
  "Europe/Kyiv": "Ukraine",
  "Asia/Kolkata": "IST India Mumbai Delhi Bangalore Bengaluru Chennai",
  "Asia/Shanghai": "China Beijing Shenzhen",
  "Asia/Tokyo": "JST Japan Osaka",
  "Asia/Ho_Chi_Minh": "Vietnam Hanoi",
  "Australia/Sydney": "AEST AEDT Canberra",
};

/** Names by place. Other names are older spellings (US/Pacific, GB) and fixed offsets (Etc/GMT+5). */
const BY_PLACE = /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\//;

/**
 * The zones of the server's tz database, because the browser's database may be years older. A page without the server's
 * rules, such as the sign-in, lists the browser's zones.
 */
function listedZones(): readonly string[] {
  return pageZoneNames()?.filter((name) => BY_PLACE.test(name)) ?? Intl.supportedValuesOf("timeZone");
}

/** The current name of a renamed zone, if the tz database has that name: Asia/Calcutta gives Asia/Kolkata. */
export function currentZoneName(zone: string): string {
  const current = ALIASES.find((names) => names.includes(zone))?.[0];
  return current && isZone(current) ? current : zone;
}

/** UTC and the `listed` zones with their offset at `nowMs`. Searchable by city, offset, old name or abbreviation. */
export function zoneOptions(nowMs: number, listed: readonly string[] = listedZones()): ComboboxOption[] {
  const zones = new Set(["UTC", ...listed.map(currentZoneName)]);
  return [...zones].map((zone) => {
    const offset = zoneOffsetMinutes(nowMs, zone);
    const sign = offset < 0 ? "-" : "+";
    const hours = Math.floor(Math.abs(offset) / 60);
    const padded = `${sign}${String(hours).padStart(2, "0")}:${String(Math.abs(offset) % 60).padStart(2, "0")}`;
    const names = ALIASES.find((names) => names.includes(zone)) ?? [];
    const words = [...names, SEARCH_WORDS[zone] ?? "", padded, `UTC${padded}`, `UTC${sign}${hours}`, `GMT${padded}`];
    return { value: zone, label: zone.replaceAll("_", " "), hint: formatOffset(offset), keywords: words.join(" ") };
  });
}

/** Whether the product can compute with this zone. */
export function isZone(zone: string): boolean {
  const known = pageKnowsZone(zone);
  if (known !== null) return known;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
