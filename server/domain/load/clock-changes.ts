import { occurrences, type RecurrenceSpec, skippedByDst } from "../recurrence";
import { parseCron } from "../recurrence/parse";
import { transitions, zoneOf } from "../recurrence/zone";

/** More than the 7,200 occurrences of a cron that lists every second, in an hour that occurs twice. */
const LIMIT = 10_000;

/** A clock change, and its effect on the schedules of the affected zones. */
export interface ClockChange {
  atMs: number;
  /** Offsets from UTC. */
  oldOffsetMs: number;
  newOffsetMs: number;
  timezones: string[];
  /** Number of recurring schedules in these zones. */
  schedules: number;
  /** Number of runs that are moved, because their local time does not exist. */
  moved: number;
  /** Number of runs that are skipped, because their local time does not exist. */
  skipped: number;
  /** Number of runs whose local time occurs twice. */
  repeated: number;
}

/**
 * The clock changes of the groups' zones, `fromMs < atMs < toMs`, in time order. Zones with the same offsets before and
 * after a change at one instant are one entry. Counts only wall-clock jobs as moved, skipped or repeated.
 */
export function clockChanges(
  groups: readonly { spec: RecurrenceSpec; schedules: number }[],
  range: { fromMs: number; toMs: number },
): ClockChange[] {
  const found = new Map<string, ClockChange>();
  for (const { spec, schedules } of groups) {
    const zone = zoneOf(spec.timezone);
    for (const { atMs, oldOffsetMs, newOffsetMs } of transitions(zone, {
      fromMs: range.fromMs,
      untilMs: range.toMs - 1,
    })) {
      if (oldOffsetMs === newOffsetMs) continue;
      const key = `${atMs}/${oldOffsetMs}/${newOffsetMs}`;
      const change = found.get(key) ?? {
        ...{ atMs, oldOffsetMs, newOffsetMs, timezones: [], schedules: 0, moved: 0, skipped: 0, repeated: 0 },
      };
      found.set(key, change);
      if (!change.timezones.includes(spec.timezone)) change.timezones.push(spec.timezone);
      change.schedules += schedules;
      addEffects(change, { spec, schedules });
    }
  }
  for (const change of found.values()) change.timezones.sort();
  return [...found.values()].sort((a, b) => a.atMs - b.atMs);
}

function addEffects(change: ClockChange, { spec, schedules }: { spec: RecurrenceSpec; schedules: number }): void {
  if (parseCron(spec.cronExpression).kind === "interval") return;
  const reachMs = Math.abs(change.newOffsetMs - change.oldOffsetMs);
  const range = { afterMs: change.atMs - reachMs - 1, untilMs: change.atMs + reachMs, limit: LIMIT };
  for (const { note } of occurrences(spec, range)) {
    if (note === "dst_gap_moved") change.moved += schedules;
    if (note === "dst_overlap_first" || note === "dst_overlap_second") change.repeated += schedules;
  }
  change.skipped += schedules * skippedByDst(spec, range).length;
}
