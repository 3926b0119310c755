import packed from "moment-timezone/data/packed/latest.json" with { type: "json" };
import type { ZoneDatabase, ZoneRules } from "~/server/domain/recurrence";
import { withoutRepeats } from "~/server/domain/recurrence/zone-rules";
import { fitYearlyRule } from "./yearly-fit";

const MINUTE_MS = 60_000;

/**
 * The tz database in the data file of the npm package moment-timezone, which follows IANA's releases within weeks. Its
 * zones list their changes up to 2037 or, in newer releases, 2499; `fitYearlyRule` infers the rule for later years.
 */
export function openBundled(): ZoneDatabase {
  const zones = new Map<string, string>();
  for (const text of packed.zones) zones.set(text.slice(0, text.indexOf("|")), text);
  for (const link of packed.links) {
    const [target = "", name = ""] = link.split("|");
    zones.set(name, zones.get(target) as string);
  }
  const names = [...zones.keys()].sort();
  const canonical = new Map(names.map((name) => [name.toLowerCase(), name]));
  // Links share the rules of their target.
  const unpacked = new Map<string, ZoneRules>();
  return {
    version: packed.version,
    source: "npm package moment-timezone",
    names,
    read(name) {
      const text = zones.get(canonical.get(name.toLowerCase()) ?? "");
      if (text === undefined) return null;
      const rules = unpacked.get(text) ?? unpackZone(text);
      unpacked.set(text, rules);
      return rules;
    },
  };
}

/**
 * Unpacks a zone: name, abbreviations, offsets (minutes west), sequence of the offsets, minutes between changes.
 * Numbers are in base 60.
 * https://momentjs.com/timezone/docs/#/data-formats/packed-format/
 */
export function unpackZone(text: string): ZoneRules {
  const [, , offsetTexts = "", sequence = "", intervals = ""] = text.split("|");
  // `0 - x`, because `-x` would be -0 for UTC.
  const distinctOffsets = offsetTexts.split(" ").map((minutes) => 0 - Math.round(fromBase60(minutes) * MINUTE_MS));
  const offsets = Array.from(sequence, (digit) => distinctOffsets[fromBase60(digit)] as number);
  const changesMs: number[] = [];
  const offsetsMs: number[] = [];
  let atMs = 0;
  const minutesBetween = intervals.split(" ");
  for (let i = 1; i < offsets.length; i++) {
    atMs = Math.round(atMs + fromBase60(minutesBetween[i - 1] as string) * MINUTE_MS);
    if (offsets[i] === offsets[i - 1]) continue;
    changesMs.push(atMs);
    offsetsMs.push(offsets[i] as number);
  }
  const rule = fitYearlyRule({ changesMs, offsetsMs });
  return withoutRepeats({ firstOffsetMs: offsets[0] as number, changesMs, offsetsMs, rule });
}

/** Reads digits 0-9, a-z, A-X; an empty text is 0. */
function fromBase60(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const [whole = "", fraction = ""] = text.replace(/^-/, "").split(".");
  let value = 0;
  for (const digit of whole) value = value * 60 + digitOf(digit);
  let unit = 1;
  for (const digit of fraction) {
    unit /= 60;
    value += digitOf(digit) * unit;
  }
  return sign * value;
}

function digitOf(digit: string): number {
  const code = digit.charCodeAt(0);
  // `0` is code 48, value 0; `A` is code 65, value 36; `a` is code 97, value 10.
  return code > 96 ? code - 87 : code > 64 ? code - 29 : code - 48;
}
