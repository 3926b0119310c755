/*
 * Finds the next occurrence in real time. `candidates.ts` finds wall-clock candidates, `zone.ts` finds offsets, and
 * `dst.ts` applies the policies for clock changes (semantics §3).
 *
 * The search goes forward with one offset at a time. A candidate is valid only if the clock does not change before it.
 * Otherwise the search continues at the change with the new offset. Candidates of a wall-clock job in a gap are moved,
 * unless the policy is `skip`. The search jumps to far candidates, so that a yearly job does not check every month.
 */
import { nextWallMs } from "./candidates";
import { isInGap, moveOutOfGap, NEIGHBOURHOOD_MS, nextShifted, overlapAt, passFires } from "./dst";
import { type Occurrence, openRecurrence, type Recurrence, type RecurrenceSpec } from "./spec";
import { firstTransition, offsetAt, type Zone } from "./zone";

const HOUR_MS = 3_600_000;
/** A jump ends this long before the far candidate, so that no clock change that affects the candidate is missed. */
const LANDING_MS = NEIGHBOURHOOD_MS + HOUR_MS;
/** Candidates further away than this are far. */
const JUMP_MS = 2 * LANDING_MS;
/**
 * Limit of the search, because a job may never fire: in New York, 02:30 on the second Sunday of March is in a gap each
 * year, and `skip` leaves it out.
 */
const SEARCH_MS = 50 * 366 * 24 * HOUR_MS;

/**
 * The first occurrence strictly after `afterMs` (epoch ms); null if there is none up to `endAt` or within 50 years.
 * @throws CronError, AppError `timezone_unknown`
 */
export function nextOccurrence(spec: RecurrenceSpec, afterMs: number): Occurrence | null {
  return nextOf(openRecurrence(spec), afterMs);
}

/**
 * The occurrences with `afterMs < nominalMs <= untilMs`, oldest first, at most `limit`. `zone` replaces the loaded
 * rules of the spec's zone, for example to compare two versions of the tz database.
 * @throws CronError, AppError `timezone_unknown`
 */
export function occurrences(
  spec: RecurrenceSpec,
  range: { afterMs: number; untilMs?: number; limit: number },
  zone?: Zone,
): Occurrence[] {
  const recurrence = openRecurrence(spec, zone);
  const untilMs = range.untilMs ?? Number.POSITIVE_INFINITY;
  const found: Occurrence[] = [];
  let afterMs = range.afterMs;
  while (found.length < range.limit) {
    const next = nextOf(recurrence, afterMs);
    if (next === null || next.nominalMs > untilMs) break;
    found.push(next);
    afterMs = next.nominalMs;
  }
  return found;
}

function nextOf(recurrence: Recurrence, afterMs: number): Occurrence | null {
  const found = search(recurrence, Math.max(afterMs, recurrence.startAt - 1));
  return found !== null && found.nominalMs <= recurrence.endAt ? found : null;
}

function search(recurrence: Recurrence, afterMs: number): Occurrence | null {
  const { cron, zone } = recurrence;
  const wallClock = cron.kind === "wall_clock";
  const giveUpMs = Math.min(afterMs + SEARCH_MS, recurrence.endAt);
  let shifted = wallClock && recurrence.dstGap === "shift" ? nextShifted(recurrence, afterMs) : null;
  // The search has covered instants up to `doneMs` and clock changes up to `seenMs`.
  let doneMs = afterMs;
  let seenMs = afterMs;
  let offset = offsetAt(zone, afterMs);
  while (doneMs <= giveUpMs) {
    const wallMs = nextWallMs(cron, doneMs + offset);
    if (wallMs === null) return shifted;
    const nominalMs = wallMs - offset;
    // A change soon after `doneMs` matters even for a far candidate, because it may repeat wall-clock times.
    const change = firstTransition(zone, { fromMs: seenMs, untilMs: Math.min(nominalMs, doneMs + JUMP_MS) });
    if (change !== null) {
      if (wallClock && recurrence.dstGap !== "skip" && isInGap(change, wallMs)) {
        const moved = moveOutOfGap(recurrence, change, wallMs);
        if (recurrence.dstGap === "first_valid") return moved;
        shifted = earlier(shifted, moved);
      }
      doneMs = change.atMs - 1;
      seenMs = change.atMs;
      offset = change.newOffsetMs;
      continue;
    }
    if (nominalMs - doneMs > JUMP_MS) {
      doneMs = nominalMs - LANDING_MS;
      seenMs = doneMs;
      offset = offsetAt(zone, doneMs);
      continue;
    }
    const overlap = overlapAt(zone, nominalMs);
    if (wallClock && overlap !== null && !passFires(recurrence.dstOverlap, overlap.pass)) {
      doneMs = overlap.endMs - 1;
      continue;
    }
    return earlier(shifted, { nominalMs, wallMs, note: overlap && `dst_overlap_${overlap.pass}` });
  }
  return shifted;
}

/** The earlier of two occurrences; the shifted occurrence if both are at the same instant. */
function earlier(shifted: Occurrence | null, other: Occurrence): Occurrence {
  return shifted !== null && shifted.nominalMs <= other.nominalMs ? shifted : other;
}
