import { occurrences } from "./next";
import type { RecurrenceSpec } from "./spec";
import { offsetAt, openZone, transitions, type Zone, type ZoneDatabase } from "./zone";

/** A run that new zone rules move, epoch ms. `fromMs` is null for an added run, `toMs` for a removed run. */
export interface MovedRun {
  fromMs: number | null;
  toMs: number | null;
}

/** Maximum number of runs that are compared under the old rules, and under the new rules. */
const MAX_COMPARED_RUNS = 200;
const DAY_MS = 86_400_000;

/** The first instant of `fromMs <= t <= untilMs` at which two versions of a zone differ; null for none. */
export function firstDifference(a: Zone, b: Zone, range: { fromMs: number; untilMs: number }): number | null {
  const changes = [a, b].flatMap((zone) => [...transitions(zone, range)].map(({ atMs }) => atMs));
  const instants = [range.fromMs, ...changes.sort((one, other) => one - other)];
  return instants.find((ms) => offsetAt(a, ms) !== offsetAt(b, ms)) ?? null;
}

/**
 * The first `limit` runs after `fromMs` whose instants the new rules of a zone change.
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
  const firstDifferenceMs = firstDifference(before, after, input);
  if (firstDifferenceMs === null) return [];
  // A run that a gap or overlap moved may be some hours before the difference.
  const afterMs = Math.max(fromMs, firstDifferenceMs - 2 * DAY_MS);
  const runs = (zone: Zone) =>
    occurrences(spec, { afterMs, untilMs: input.untilMs, limit: MAX_COMPARED_RUNS }, zone).map(
      ({ nominalMs }) => nominalMs,
    );
  const [old, fresh] = [runs(before), runs(after)];
  // Runs after the end of a truncated list cannot be compared.
  const ends = [old, fresh].map((list) => (list.length < MAX_COMPARED_RUNS ? input.untilMs : (list.at(-1) as number)));
  const endMs = Math.min(...ends);
  const lost = old.filter((ms) => ms <= endMs && !fresh.includes(ms));
  const added = fresh.filter((ms) => ms <= endMs && !old.includes(ms));
  return pairRuns(lost, added).slice(0, limit);
}

/** Joins removed and added runs within a day of each other to moved runs. */
function pairRuns(lost: readonly number[], added: readonly number[]): MovedRun[] {
  const left = [...added];
  const moved = lost.map((fromMs): MovedRun => {
    const at = left.findIndex((ms) => Math.abs(ms - fromMs) <= DAY_MS);
    return { fromMs, toMs: at === -1 ? null : (left.splice(at, 1)[0] as number) };
  });
  const appeared = left.map((toMs): MovedRun => ({ fromMs: null, toMs }));
  return [...moved, ...appeared].sort((a, b) => (a.fromMs ?? a.toMs ?? 0) - (b.fromMs ?? b.toMs ?? 0));
}

/** Zones whose rules differ from now on: both versions, by lower-case name. */
export type MovedZones = Map<string, { before: Zone; after: Zone }>;

/** Both versions of a zone if they differ within the range; null if they are equal or one database lacks the zone. */
export function movedZone(
  name: string,
  input: { before: ZoneDatabase; after: ZoneDatabase; fromMs: number; untilMs: number },
): { before: Zone; after: Zone } | null {
  const [old, fresh] = [input.before.read(name), input.after.read(name)];
  if (old === null || fresh === null) return null;
  const zones = { before: openZone(name, old), after: openZone(name, fresh) };
  return firstDifference(zones.before, zones.after, input) === null ? null : zones;
}
