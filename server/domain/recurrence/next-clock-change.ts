import { nextWallMs } from "./candidates";
import { isInGap, wantedInGap } from "./dst";
import { nextOccurrence, occurrences } from "./next";
import { parseCron } from "./parse";
import { type Occurrence, openRecurrence, type RecurrenceSpec } from "./spec";
import { offsetAt, transitions, type Zone, zoneOf } from "./zone";
import type { Transition } from "./zone-rules";

/** More than a year ahead, because some zones have one change a year. */
const SEARCH_MS = 400 * 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Describes the next clock change that moves or skips a run or repeats its local time, such as "28 Mar 2027: 02:30 does
 * not exist; runs at 03:00". If no clock change affects a run within `SEARCH_MS`, describes the next clock change. Null
 * if there is no clock change in this time or before the schedule's end.
 * @throws CronError, AppError `timezone_unknown`
 */
export function nextClockChange(spec: RecurrenceSpec, afterMs: number): string | null {
  const zone = zoneOf(spec.timezone);
  // A change before the start affects no run.
  const fromMs = Math.max(afterMs, spec.startAt ?? Number.NEGATIVE_INFINITY);
  const untilMs = Math.min(fromMs + SEARCH_MS, spec.endAt ?? Number.POSITIVE_INFINITY);
  let next: Transition | null = null;
  for (const transition of transitions(zone, { fromMs, untilMs })) {
    if (transition.oldOffsetMs === transition.newOffsetMs) continue;
    next ??= transition;
    const effect =
      transition.newOffsetMs > transition.oldOffsetMs
        ? isInterval(spec)
          ? intervalGapEffect(spec, zone, transition)
          : gapEffect(spec, zone, transition)
        : overlapEffect(spec, transition);
    if (effect !== null) return `${day(transition.atMs + transition.oldOffsetMs)}: ${effect}`;
  }
  return next === null ? null : changeInWords(next);
}

/** Describes the effect of the gap on the first run in it; null if no run is in it. */
function gapEffect(spec: RecurrenceSpec, zone: Zone, gap: Transition): string | null {
  const [first] = wantedInGap(spec, {
    transition: gap,
    fromWallMs: gap.atMs + gap.oldOffsetMs,
    untilWallMs: gap.atMs + gap.newOffsetMs,
  });
  if (first === undefined) return null;
  const { wallMs, nominalMs, note } = first;
  if (note === "dst_gap_skipped") return `${clock(wallMs)} does not exist; the run is skipped`;
  return `${clock(wallMs)} does not exist; runs at ${clock(nominalMs + offsetAt(zone, nominalMs))}`;
}

/**
 * An interval job runs at the local times that exist (semantics §3.8). Most jobs keep their distance in real time:
 * after 01:50, "every 10 minutes" runs at 03:00. Describes the first missing time if the next run is later than that
 * distance; otherwise null.
 */
function intervalGapEffect(spec: RecurrenceSpec, zone: Zone, gap: Transition): string | null {
  const wallMs = nextWallMs(openRecurrence(spec).cron, gap.atMs + gap.oldOffsetMs - 1);
  if (wallMs === null || !isInGap(gap, wallMs)) return null;
  const next = nextOccurrence(spec, gap.atMs - 1);
  if (next === null || next.nominalMs <= wallMs - gap.oldOffsetMs) return null;
  const nextWall = next.nominalMs + offsetAt(zone, next.nominalMs);
  const isOtherDay = day(nextWall) !== day(wallMs);
  const nextText = `the next is ${isOtherDay ? `on ${day(nextWall)} ` : ""}at ${clock(nextWall)}`;
  return `${clock(wallMs)} does not exist; no run is in the missing time, and ${nextText}`;
}

function overlapEffect(spec: RecurrenceSpec, { atMs, oldOffsetMs, newOffsetMs }: Transition): string | null {
  const lengthMs = oldOffsetMs - newOffsetMs;
  const range = { afterMs: atMs - lengthMs - 1, untilMs: atMs + lengthMs - 1, limit: 2 };
  const [first] = occurrences(spec, range).filter(isRepeated);
  if (first === undefined) return null;
  const passes = { first: "runs the first time", second: "runs the second time", both: "runs both times" };
  // The policy is for wall-clock jobs. An interval job runs in both passes (semantics §3.8).
  return `${clock(first.wallMs)} occurs twice; ${isInterval(spec) ? "an interval runs both times" : passes[spec.dstOverlap]}`;
}

const isInterval = ({ cronExpression }: RecurrenceSpec) => parseCron(cronExpression).kind === "interval";

const isRepeated = ({ note }: Occurrence) => note === "dst_overlap_first" || note === "dst_overlap_second";

function changeInWords({ atMs, oldOffsetMs, newOffsetMs }: Transition): string {
  const way = newOffsetMs > oldOffsetMs ? "forward" : "back";
  return `${day(atMs + oldOffsetMs)}: clocks go ${way} from ${clock(atMs + oldOffsetMs)} to ${clock(atMs + newOffsetMs)}; no run is affected`;
}

/** "28 Mar 2027" for a wall-clock time as if UTC. */
function day(wallMs: number): string {
  const date = new Date(wallMs);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** "02:30", or "02:30:15" if the seconds are not zero, for a wall-clock time as if UTC. */
export function clock(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(11, wallMs % 60_000 === 0 ? 16 : 19);
}
