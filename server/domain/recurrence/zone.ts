/**
 * Offsets of IANA zones, from Intl alone. Asking Intl takes about 2 µs and a search asks often, so the changes of the
 * clock are found once for each stretch of 32 days and kept.
 */
import { fieldError } from "../errors";

/** One change of the clock: at instant `atMs` the offset goes from `beforeMs` to `afterMs` (all in ms, east positive). */
export interface Transition {
  atMs: number;
  beforeMs: number;
  afterMs: number;
}

interface Stretch {
  startOffsetMs: number;
  transitions: readonly Transition[];
}

/** A zone whose offsets are being kept. Get it from `zoneOf`. */
export interface Zone {
  readonly name: string;
  readonly offsetFromIntl: (ms: number) => number;
  readonly stretches: Map<number, Stretch>;
}

const DAY_MS = 86_400_000;
const STRETCH_MS = 32 * DAY_MS;
/** About 175 years of one zone; beyond it the oldest kept stretches go. */
const MAX_STRETCHES = 2_000;

/**
 * Three letters that IANA itself defines. Intl knows others too, with surprising meanings (BST is Dhaka, not London),
 * so those are refused.
 */
const IANA_THREE_LETTERS = new Set([
  "UTC",
  "UCT",
  "GMT",
  "EST",
  "MST",
  "HST",
  "CET",
  "MET",
  "EET",
  "WET",
  "PRC",
  "ROC",
  "ROK",
]);

const zones = new Map<string, Zone | null>();
const MAX_UNKNOWN_NAMES = 2_000;

/** Whether this is an IANA zone or alias; letter case does not matter, as in Intl. */
export function isKnownZone(zone: string): boolean {
  return lookUp(zone) !== null;
}

/**
 * The zone's table of offsets, shared and cached.
 * @throws AppError `timezone_unknown`
 */
export function zoneOf(name: string): Zone {
  const zone = lookUp(name);
  if (zone) return zone;
  throw fieldError("timezone_unknown", unknownZoneFault(name));
}

/** The fault that REST and the form show for an unknown zone. */
export function unknownZoneFault(name: string): { field: "timezone"; message: string; expected: string } {
  return {
    field: "timezone",
    message: `"${name.slice(0, 64)}" is not a known time zone`,
    expected: "an IANA name such as Europe/Berlin or UTC",
  };
}

function lookUp(name: string): Zone | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  if (zones.size >= MAX_UNKNOWN_NAMES) zones.clear();
  const zone = open(name);
  zones.set(name, zone);
  return zone;
}

function open(name: string): Zone | null {
  if (/^[a-z]{3}$/i.test(name) && !IANA_THREE_LETTERS.has(name.toUpperCase())) return null;
  // Offsets such as +01:00 are no IANA names, though newer engines take them.
  if (!/^[a-z]/i.test(name)) return null;
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
    const fixed = format.resolvedOptions().timeZone === "UTC";
    return { name, offsetFromIntl: fixed ? () => 0 : (ms) => parseOffset(format.format(ms)), stretches: new Map() };
  } catch {
    return null;
  }
}

/** "11/14/2023, GMT-04:56:02" to milliseconds east of UTC; plain "GMT" is 0. */
function parseOffset(text: string): number {
  const match = /GMT(?:([+-])(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?)?$/.exec(text);
  if (!match) throw new Error(`unreadable offset from Intl: ${text}`);
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = match;
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -size : size;
}

/** Offset from UTC in ms, east positive, at this instant. */
export function offsetAt(zone: Zone, ms: number): number {
  const stretch = stretchAt(zone, Math.floor(ms / STRETCH_MS));
  let offset = stretch.startOffsetMs;
  for (const transition of stretch.transitions) if (transition.atMs <= ms) offset = transition.afterMs;
  return offset;
}

/** The changes of the clock with `fromMs < atMs <= untilMs`, oldest first. */
export function* transitions(zone: Zone, range: { fromMs: number; untilMs: number }): Generator<Transition> {
  const last = Math.floor(range.untilMs / STRETCH_MS);
  for (let index = Math.floor(range.fromMs / STRETCH_MS); index <= last; index++) {
    for (const transition of stretchAt(zone, index).transitions) {
      if (transition.atMs > range.fromMs && transition.atMs <= range.untilMs) yield transition;
    }
  }
}

/** The first change of the clock with `fromMs < atMs <= untilMs`, or null. */
export function firstTransition(zone: Zone, range: { fromMs: number; untilMs: number }): Transition | null {
  const last = Math.floor(range.untilMs / STRETCH_MS);
  for (let index = Math.floor(range.fromMs / STRETCH_MS); index <= last; index++) {
    for (const transition of stretchAt(zone, index).transitions) {
      if (transition.atMs > range.untilMs) return null;
      if (transition.atMs > range.fromMs) return transition;
    }
  }
  return null;
}

function stretchAt(zone: Zone, index: number): Stretch {
  const known = zone.stretches.get(index);
  if (known) return known;
  if (zone.stretches.size >= MAX_STRETCHES) zone.stretches.delete(zone.stretches.keys().next().value as number);
  const stretch = scan(zone, index * STRETCH_MS);
  zone.stretches.set(index, stretch);
  return stretch;
}

/** A day is short enough: no zone has changed its clock there and back within one. */
function scan(zone: Zone, startMs: number): Stretch {
  const startOffsetMs = zone.offsetFromIntl(startMs - 1000);
  const found: Transition[] = [];
  let low = startMs - 1000;
  let before = startOffsetMs;
  for (let high = startMs + DAY_MS - 1000; high < startMs + STRETCH_MS; high += DAY_MS) {
    const after = zone.offsetFromIntl(high);
    if (after !== before) found.push({ atMs: bisect(zone, { low, high }), beforeMs: before, afterMs: after });
    low = high;
    before = after;
  }
  return { startOffsetMs, transitions: found };
}

/** The first whole second whose offset is that of `high`; `low` has another one. */
function bisect(zone: Zone, range: { low: number; high: number }): number {
  let { low, high } = range;
  const after = zone.offsetFromIntl(high);
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (zone.offsetFromIntl(middle) === after) high = middle;
    else low = middle;
  }
  return high;
}
