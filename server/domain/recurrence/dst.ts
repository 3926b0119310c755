import type { DstOverlap } from "../schedule";
import { matchesWall, nextWallMs } from "./candidates";
import { type Occurrence, type Plan, planOf, type RecurrenceSpec } from "./spec";
import { firstTransition, transitions, type Zone } from "./zone";
import type { Transition } from "./zone-rules";

/** No offset differs from another of the same zone by more than a day (Samoa, 2011: exactly a day). */
export const NEIGHBOURHOOD_MS = 26 * 3_600_000;

export interface OverlapPass {
  pass: "first" | "second";
  /** The first instant after this pass. */
  endMs: number;
}

/** Whether the wall clock shows this instant's time twice, and which of the two it is. */
export function overlapAt(zone: Zone, ms: number): OverlapPass | null {
  const range = { fromMs: ms - NEIGHBOURHOOD_MS, untilMs: ms + NEIGHBOURHOOD_MS };
  if (firstTransition(zone, range) === null) return null;
  for (const { atMs, beforeMs, afterMs } of transitions(zone, range)) {
    const length = beforeMs - afterMs;
    if (ms >= atMs - length && ms < atMs) return { pass: "first", endMs: atMs };
    if (ms >= atMs && ms < atMs + length) return { pass: "second", endMs: atMs + length };
  }
  return null;
}

export function passFires(policy: DstOverlap, pass: OverlapPass["pass"]): boolean {
  return policy === "both" || policy === pass;
}

/** Whether this wall-clock time (as if UTC) falls into the hole that the transition makes. */
export function isInGap(transition: Transition, wallMs: number): boolean {
  return wallMs >= transition.atMs + transition.beforeMs && wallMs < transition.atMs + transition.afterMs;
}

/**
 * Where a time that does not exist goes: `first_valid` to the first instant after the gap, `shift` later by the gap's
 * length (which is the instant that the old offset would have given).
 */
export function moveOutOfGap(plan: Plan, transition: Transition, wallMs: number): Occurrence {
  const nominalMs = plan.dstGap === "first_valid" ? transition.atMs : wallMs - transition.beforeMs;
  return { nominalMs, wallMs, note: "dst_gap_moved" };
}

/** With `shift`, what earlier gaps still owe after `afterMs`: 02:30 is due at 03:30, long after the gap itself. */
export function owedByShift(plan: Plan, afterMs: number): Occurrence | null {
  const range = { fromMs: afterMs - NEIGHBOURHOOD_MS, untilMs: afterMs };
  if (firstTransition(plan.zone, range) === null) return null;
  for (const transition of transitions(plan.zone, range)) {
    const wallMs = nextWallMs(plan.cron, afterMs + transition.beforeMs);
    if (wallMs !== null && isInGap(transition, wallMs)) return moveOutOfGap(plan, transition, wallMs);
  }
  return null;
}

/**
 * The occurrences of a wall-clock job that `dstGap: "skip"` leaves out, `afterMs < nominalMs <= untilMs`, for the
 * ledger's `dst_gap` rows. The nominal time is the one `shift` would give; one that is also a planned occurrence is
 * left out, since an occurrence has one outcome only (semantics §1). Empty for the other policies and for interval
 * jobs.
 */
export function skippedByDst(
  spec: RecurrenceSpec,
  range: { afterMs: number; untilMs: number; limit?: number },
): Occurrence[] {
  const plan = planOf(spec);
  if (plan.dstGap !== "skip" || plan.cron.kind === "interval") return [];
  const limit = range.limit ?? 1000;
  const fromMs = Math.max(range.afterMs, plan.startAt - 1);
  const untilMs = Math.min(range.untilMs, plan.endAt);
  const skipped: Occurrence[] = [];
  for (const transition of transitions(plan.zone, { fromMs: fromMs - NEIGHBOURHOOD_MS, untilMs })) {
    // Both ends of the hole, on the wall clock.
    const holeFrom = transition.atMs + transition.beforeMs;
    let wallMs = nextWallMs(plan.cron, Math.max(holeFrom - 1, fromMs + transition.beforeMs));
    while (wallMs !== null && isInGap(transition, wallMs) && skipped.length < limit) {
      const nominalMs = wallMs - transition.beforeMs;
      if (nominalMs > untilMs) break;
      if (!matchesWall(plan.cron, nominalMs + transition.afterMs)) {
        skipped.push({ nominalMs, wallMs, note: "dst_gap_skipped" });
      }
      wallMs = nextWallMs(plan.cron, wallMs);
    }
  }
  return skipped;
}
