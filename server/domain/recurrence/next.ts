/**
 * The next occurrence, in the order of real time. Wall-clock candidates come from `candidates.ts`, offsets from
 * `zone.ts`, the choices at a change of the clock from `dst.ts` (semantics §3).
 *
 * One search walks forward with one offset at a time. A candidate found with it holds only if the clock does not change
 * before it; if it does, the search goes on at the change with the new offset, and candidates left behind in a gap are
 * moved. Long distances are jumped, so a yearly job does not look at each month's offsets.
 */
import { nextWallMs } from "./candidates";
import { isInGap, moveOutOfGap, NEIGHBOURHOOD_MS, overlapAt, owedByShift, passFires } from "./dst";
import { type Occurrence, type Plan, planOf, type RecurrenceSpec } from "./spec";
import { firstTransition, offsetAt, type Zone } from "./zone";

const HOUR_MS = 3_600_000;
/** Landing this much before a far candidate keeps every change of the clock that could matter to it ahead. */
const LANDING_MS = NEIGHBOURHOOD_MS + HOUR_MS;
const JUMP_MS = 2 * LANDING_MS;
/** A job that lives in a gap every year (02:30 on the second Sunday of March) is given up after this. */
const SEARCH_MS = 50 * 366 * 24 * HOUR_MS;

/**
 * The first occurrence strictly after `afterMs` (epoch ms), or null when there is none: past `endAt`, or a cron that
 * never fires in this zone. The search is bounded. `afterMs` is the nominal time of the last occurrence.
 * @throws CronError, AppError `timezone_unknown`
 */
export function nextOccurrence(spec: RecurrenceSpec, afterMs: number): Occurrence | null {
  return nextOf(planOf(spec), afterMs);
}

/**
 * The occurrences with `afterMs < nominalMs <= untilMs`, oldest first, `limit` at most; `zone` is the spec's zone by
 * other rules than those in use.
 * @throws CronError, AppError `timezone_unknown`
 */
export function occurrences(
  spec: RecurrenceSpec,
  range: { afterMs: number; untilMs?: number; limit: number },
  zone?: Zone,
): Occurrence[] {
  const plan = planOf(spec, zone);
  const untilMs = range.untilMs ?? Number.POSITIVE_INFINITY;
  const found: Occurrence[] = [];
  let afterMs = range.afterMs;
  while (found.length < range.limit) {
    const next = nextOf(plan, afterMs);
    if (next === null || next.nominalMs > untilMs) break;
    found.push(next);
    afterMs = next.nominalMs;
  }
  return found;
}

function nextOf(plan: Plan, afterMs: number): Occurrence | null {
  const found = search(plan, Math.max(afterMs, plan.startAt - 1));
  return found !== null && found.nominalMs <= plan.endAt ? found : null;
}

function search(plan: Plan, afterMs: number): Occurrence | null {
  const { cron, zone } = plan;
  const wallClock = cron.kind === "wall_clock";
  const giveUpMs = Math.min(afterMs + SEARCH_MS, plan.endAt);
  let owed = wallClock && plan.dstGap === "shift" ? owedByShift(plan, afterMs) : null;
  // Instants up to `doneMs` and changes of the clock up to `seenMs` are behind us.
  let doneMs = afterMs;
  let seenMs = afterMs;
  let offset = offsetAt(zone, afterMs);
  while (doneMs <= giveUpMs) {
    const wallMs = nextWallMs(cron, doneMs + offset);
    if (wallMs === null) return owed;
    const nominalMs = wallMs - offset;
    // A change soon after `doneMs` counts even when the candidate is far: it may bring back times already passed.
    const change = firstTransition(zone, { fromMs: seenMs, untilMs: Math.min(nominalMs, doneMs + JUMP_MS) });
    if (change !== null) {
      if (wallClock && plan.dstGap !== "skip" && isInGap(change, wallMs)) {
        const moved = moveOutOfGap(plan, change, wallMs);
        if (plan.dstGap === "first_valid") return moved;
        owed = earlier(owed, moved);
      }
      doneMs = change.atMs - 1;
      seenMs = change.atMs;
      offset = change.afterMs;
      continue;
    }
    if (nominalMs - doneMs > JUMP_MS) {
      doneMs = nominalMs - LANDING_MS;
      seenMs = doneMs;
      offset = offsetAt(zone, doneMs);
      continue;
    }
    const overlap = overlapAt(zone, nominalMs);
    if (wallClock && overlap !== null && !passFires(plan.dstOverlap, overlap.pass)) {
      doneMs = overlap.endMs - 1;
      continue;
    }
    return earlier(owed, { nominalMs, wallMs, note: overlap && `dst_overlap_${overlap.pass}` });
  }
  return owed;
}

/** At the same instant the moved one stands for both: they fire once. */
function earlier(owed: Occurrence | null, other: Occurrence): Occurrence {
  return owed !== null && owed.nominalMs <= other.nominalMs ? owed : other;
}
