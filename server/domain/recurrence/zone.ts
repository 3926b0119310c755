/*
 * Offsets of IANA zones, from the tz database that the process loaded (`loadZones`). The database of the runtime is not
 * used, because its version depends on the build of Node or the browser.
 */
import { fieldError } from "../errors";
import { changesOfYear, expandRules, type Transition, type YearlyRule, type ZoneRules } from "./zone-rules";

export interface ZoneDatabase {
  /** The IANA release, such as `2026f`. */
  readonly version: string;
  /** The package or folder that the database was read from, for display. */
  readonly source: string;
  /** Every name, links included, in IANA's letter case. */
  readonly names: readonly string[];
  /**
   * The rules of a zone or link; letter case does not matter. Null for an unknown name. Throws if the data of the zone
   * cannot be read.
   */
  read(name: string): ZoneRules | null;
}

/** A zone with its expanded table of changes. */
export interface Zone {
  readonly name: string;
  /** The changes, ascending. */
  readonly atMs: Float64Array;
  /** One more entry than changes: entry `i` is the offset before change `i`. */
  readonly offsetMs: Float64Array;
  /** From this time on, changes are computed by `rule`. */
  readonly tableEndMs: number;
  readonly rule: YearlyRule | null;
  /** The result of the last lookup. The next lookup mostly has the same result. */
  hint: number;
}

/** The last year of the table. Later times are rarely needed. */
const TABLE_UNTIL_YEAR = 2100;
/** A yearly rule has at least one change in this time. */
const TWO_YEARS_MS = 2 * 366 * 86_400_000;
/** Maximum number of cached lookups, because callers may ask for any names. */
const MAX_OPENED_ZONES = 2_000;

// A bundler may load this module several times in a process. All copies must use the same database.
const holder = globalThis as unknown as { stufioZones?: ZoneDatabase };
const opened = new Map<string, Zone | null>();
let openedFrom: ZoneDatabase | undefined;

/** Sets the tz database of this process, once, at start. */
export function loadZones(database: ZoneDatabase): void {
  holder.stufioZones = database;
}

/** The loaded tz database. Throws if none is loaded. */
export function zonesInUse(): ZoneDatabase {
  if (holder.stufioZones === undefined) throw new Error("No tz database is loaded: call loadZones at process start.");
  return holder.stufioZones;
}

export function hasZones(): boolean {
  return holder.stufioZones !== undefined;
}

/** Whether the name, in any letter case, is an IANA zone or link. */
export function isKnownZone(zone: string): boolean {
  return lookUp(zone) !== null;
}

/**
 * The zone with this name, from the cache.
 * @throws AppError `timezone_unknown`
 */
export function zoneOf(name: string): Zone {
  const zone = lookUp(name);
  if (zone) return zone;
  throw fieldError("timezone_unknown", unknownZoneFault(name));
}

/** The fault of an unknown zone, for REST and the form. */
export function unknownZoneFault(name: string): { field: "timezone"; message: string; expected: string } {
  return {
    field: "timezone",
    message: `"${name.slice(0, 64)}" is not a known time zone`,
    expected: "an IANA name such as Europe/Berlin or UTC",
  };
}

function lookUp(name: string): Zone | null {
  const database = zonesInUse();
  if (database !== openedFrom) {
    opened.clear();
    openedFrom = database;
  }
  const known = opened.get(name);
  if (known !== undefined) return known;
  if (opened.size >= MAX_OPENED_ZONES) opened.clear();
  const rules = database.read(name);
  const zone = rules === null ? null : openZone(name, rules);
  opened.set(name, zone);
  return zone;
}

export function openZone(name: string, rules: ZoneRules): Zone {
  const { changesMs, offsetsMs } = expandRules(rules, TABLE_UNTIL_YEAR);
  return {
    name,
    atMs: Float64Array.from(changesMs),
    offsetMs: Float64Array.from([rules.firstOffsetMs, ...offsetsMs]),
    tableEndMs: rules.rule === null ? Number.POSITIVE_INFINITY : Date.UTC(TABLE_UNTIL_YEAR + 1, 0, 1),
    rule: rules.rule,
    hint: 0,
  };
}

/** The offset from UTC at this instant, in ms east. */
export function offsetAt(zone: Zone, ms: number): number {
  if (ms < zone.tableEndMs) return zone.offsetMs[changesUntil(zone, ms)] as number;
  let offset = zone.offsetMs[zone.atMs.length] as number;
  for (const { newOffsetMs } of transitionsByRule(zone, { fromMs: ms - TWO_YEARS_MS, untilMs: ms }))
    offset = newOffsetMs;
  return offset;
}

/** The clock changes with `fromMs < atMs <= untilMs`, oldest first. */
export function* transitions(zone: Zone, range: { fromMs: number; untilMs: number }): Generator<Transition> {
  for (let index = changesUntil(zone, range.fromMs); index < zone.atMs.length; index++) {
    if ((zone.atMs[index] as number) > range.untilMs) return;
    yield transitionAt(zone, index);
  }
  if (range.untilMs >= zone.tableEndMs) yield* transitionsByRule(zone, range);
}

/** The first clock change with `fromMs < atMs <= untilMs`, or null. */
export function firstTransition(zone: Zone, range: { fromMs: number; untilMs: number }): Transition | null {
  const index = changesUntil(zone, range.fromMs);
  if (index < zone.atMs.length) {
    return (zone.atMs[index] as number) <= range.untilMs ? transitionAt(zone, index) : null;
  }
  if (range.untilMs < zone.tableEndMs) return null;
  const [first] = transitionsByRule(zone, range);
  return first ?? null;
}

function transitionAt(zone: Zone, index: number): Transition {
  return {
    atMs: zone.atMs[index] as number,
    oldOffsetMs: zone.offsetMs[index] as number,
    newOffsetMs: zone.offsetMs[index + 1] as number,
  };
}

/** The number of changes in the table at or before this instant. */
function changesUntil(zone: Zone, ms: number): number {
  const { atMs, hint } = zone;
  const count = atMs.length;
  if ((hint === 0 || (atMs[hint - 1] as number) <= ms) && (hint === count || (atMs[hint] as number) > ms)) return hint;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((atMs[middle] as number) <= ms) low = middle + 1;
    else high = middle;
  }
  zone.hint = low;
  return low;
}

/** The changes after the table's end, computed by the rule. */
function* transitionsByRule(
  { rule, tableEndMs }: Zone,
  range: { fromMs: number; untilMs: number },
): Generator<Transition> {
  if (rule === null) return;
  const untilYear = new Date(range.untilMs).getUTCFullYear();
  const fromYear = Math.max(new Date(Math.max(range.fromMs, tableEndMs)).getUTCFullYear(), TABLE_UNTIL_YEAR);
  for (let year = fromYear; year <= untilYear + 1; year++) {
    for (const change of changesOfYear(rule, year)) {
      if (change.atMs > range.fromMs && change.atMs <= range.untilMs && change.atMs >= tableEndMs) yield change;
    }
  }
}
