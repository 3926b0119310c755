import { occurrences } from "./next";
import type { RecurrenceSpec } from "./spec";
import { offsetAt, openZone, transitions, type Zone, type ZoneDatabase } from "./zone";

/** One run that new rules move; null where it is not there before, or not any more. Epoch ms. */
export interface MovedRun {
  fromMs: number | null;
  toMs: number | null;
}

/** Occurrences of each side that are compared; the moves beyond are of the same kind. */
const COMPARED = 200;
const DAY_MS = 86_400_000;

/**
 * The first instant of `fromMs <= t <= untilMs` at which two versions of a zone show different times; null without one.
 */
export function firstDifference(a: Zone, b: Zone, range: { fromMs: number; untilMs: number }): number | null {
  const changes = [a, b].flatMap((zone) => [...transitions(zone, range)].map(({ atMs }) => atMs));
  const instants = [range.fromMs, ...changes.sort((one, other) => one - other)];
  return instants.find((ms) => offsetAt(a, ms) !== offsetAt(b, ms)) ?? null;
}

/**
 * The first `limit` runs after `fromMs` that take place at other instants by the new version of a zone. A job that
 * follows real time, such as one of every five minutes, may be moved by none.
 */
export function movedRuns(input: {
  spec: RecurrenceSpec;
  before: Zone;
  after: Zone;
  fromMs: number;
  untilMs: number;
  limit: number;
}): MovedRun[] {
  const { spec, before, after, fromMs, limit } = input;
  const differsMs = firstDifference(before, after, input);
  if (differsMs === null) return [];
  // A run that a gap or an overlap has moved may lie some hours before the change.
  const afterMs = Math.max(fromMs, differsMs - 2 * DAY_MS);
  const runs = (zone: Zone) =>
    occurrences(spec, { afterMs, untilMs: input.untilMs, limit: COMPARED }, zone).map(({ nominalMs }) => nominalMs);
  const [old, fresh] = [runs(before), runs(after)];
  // Where one list was cut, what follows in the other says nothing.
  const ends = [old, fresh].map((list) => (list.length < COMPARED ? input.untilMs : (list.at(-1) as number)));
  const endMs = Math.min(...ends);
  const lost = old.filter((ms) => ms <= endMs && !fresh.includes(ms));
  const added = fresh.filter((ms) => ms <= endMs && !old.includes(ms));
  return pairs(lost, added).slice(0, limit);
}

/** Lost and added runs within a day of each other are one run that moves. */
function pairs(lost: readonly number[], added: readonly number[]): MovedRun[] {
  const left = [...added];
  const moved = lost.map((fromMs): MovedRun => {
    const at = left.findIndex((ms) => Math.abs(ms - fromMs) <= DAY_MS);
    return { fromMs, toMs: at === -1 ? null : (left.splice(at, 1)[0] as number) };
  });
  const news = left.map((toMs): MovedRun => ({ fromMs: null, toMs }));
  return [...moved, ...news].sort((a, b) => (a.fromMs ?? a.toMs ?? 0) - (b.fromMs ?? b.toMs ?? 0));
}

/** Zones whose rules differ from now on, by lower-case name: both versions of each. */
export type MovedZones = Map<string, { before: Zone; after: Zone }>;

/** Both versions of one zone where they differ within the range; null where they do not, or one does not know it. */
export function movedZone(
  name: string,
  input: { before: ZoneDatabase; after: ZoneDatabase; fromMs: number; untilMs: number },
): { before: Zone; after: Zone } | null {
  const [old, fresh] = [input.before.read(name), input.after.read(name)];
  if (old === null || fresh === null) return null;
  const zones = { before: openZone(name, old), after: openZone(name, fresh) };
  return firstDifference(zones.before, zones.after, input) === null ? null : zones;
}
