import type { DstOverlap } from "../schedule";
import { matchesWall, nextWallMs } from "./candidates";
import { type Occurrence, openRecurrence, type Recurrence, type RecurrenceSpec } from "./spec";
import { firstTransition, transitions, type Zone } from "./zone";
import type { Transition } from "./zone-rules";

/** More than the largest change of a zone's offset, 24 hours (Samoa, 2011). */
export const NEIGHBOURHOOD_MS = 26 * 3_600_000;

const DEFAULT_SKIPPED_LIMIT = 1000;

export interface OverlapPass {
  pass: "first" | "second";
  /** The first instant after this pass. */
  endMs: number;
}

/** The pass of an overlap that contains this instant; null if the instant is not in an overlap. */
export function overlapAt(zone: Zone, ms: number): OverlapPass | null {
  const range = { fromMs: ms - NEIGHBOURHOOD_MS, untilMs: ms + NEIGHBOURHOOD_MS };
  if (firstTransition(zone, range) === null) return null;
  for (const { atMs, oldOffsetMs, newOffsetMs } of transitions(zone, range)) {
    const lengthMs = oldOffsetMs - newOffsetMs;
    if (ms >= atMs - lengthMs && ms < atMs) return { pass: "first", endMs: atMs };
    if (ms >= atMs && ms < atMs + lengthMs) return { pass: "second", endMs: atMs + lengthMs };
  }
  return null;
}

export function passFires(policy: DstOverlap, pass: OverlapPass["pass"]): boolean {
  return policy === "both" || policy === pass;
}

/** Whether this wall-clock time (as if UTC) falls into the gap of the transition. */
export function isInGap(transition: Transition, wallMs: number): boolean {
  return wallMs >= transition.atMs + transition.oldOffsetMs && wallMs < transition.atMs + transition.newOffsetMs;
}

/**
 * Moves a time that does not exist. `first_valid` gives the first instant after the gap. `shift` and `skip` give the
 * time with the offset before the gap, which is later by the length of the gap.
 */
export function moveOutOfGap(recurrence: Recurrence, transition: Transition, wallMs: number): Occurrence {
  const nominalMs = recurrence.dstGap === "first_valid" ? transition.atMs : wallMs - transition.oldOffsetMs;
  return { nominalMs, wallMs, note: "dst_gap_moved" };
}

/**
 * With `shift`, the first occurrence after `afterMs` that was moved out of an earlier gap, such as from 02:30 to 03:30.
 */
export function nextShifted(recurrence: Recurrence, afterMs: number): Occurrence | null {
  const range = { fromMs: afterMs - NEIGHBOURHOOD_MS, untilMs: afterMs };
  if (firstTransition(recurrence.zone, range) === null) return null;
  for (const transition of transitions(recurrence.zone, range)) {
    const wallMs = nextWallMs(recurrence.cron, afterMs + transition.oldOffsetMs);
    if (wallMs !== null && isInGap(transition, wallMs)) return moveOutOfGap(recurrence, transition, wallMs);
  }
  return null;
}

/**
 * The occurrences of a wall-clock job that `dstGap: "skip"` skips, `afterMs < nominalMs <= untilMs`, with the nominal
 * times that `shift` would give. Omits times of planned occurrences, because an occurrence has one outcome (semantics
 * §1). Empty for the other policies and for interval jobs.
 */
export function skippedByDst(
  spec: RecurrenceSpec,
  range: { afterMs: number; untilMs: number; limit?: number },
): Occurrence[] {
  const recurrence = openRecurrence(spec);
  if (recurrence.dstGap !== "skip" || recurrence.cron.kind === "interval") return [];
  const limit = range.limit ?? DEFAULT_SKIPPED_LIMIT;
  const fromMs = Math.max(range.afterMs, recurrence.startAt - 1);
  const untilMs = Math.min(range.untilMs, recurrence.endAt);
  const skipped: Occurrence[] = [];
  for (const transition of transitions(recurrence.zone, { fromMs: fromMs - NEIGHBOURHOOD_MS, untilMs })) {
    // The start of the gap, on the wall clock.
    const gapStart = transition.atMs + transition.oldOffsetMs;
    let wallMs = nextWallMs(recurrence.cron, Math.max(gapStart - 1, fromMs + transition.oldOffsetMs));
    while (wallMs !== null && isInGap(transition, wallMs) && skipped.length < limit) {
      const nominalMs = wallMs - transition.oldOffsetMs;
      if (nominalMs > untilMs) break;
      if (!matchesWall(recurrence.cron, nominalMs + transition.newOffsetMs)) {
        skipped.push({ nominalMs, wallMs, note: "dst_gap_skipped" });
      }
      wallMs = nextWallMs(recurrence.cron, wallMs);
    }
  }
  return skipped;
}

/**
 * A wall-clock job's occurrences in one gap, with `fromWallMs <= wallMs < untilWallMs` (wall-clock times as if UTC),
 * moved by the policy. With `skip`, they are marked as skipped, at the instant of `shift`. Empty for interval jobs.
 */
export function wantedInGap(
  spec: RecurrenceSpec,
  range: { transition: Transition; fromWallMs: number; untilWallMs: number },
): Occurrence[] {
  const recurrence = openRecurrence(spec);
  if (recurrence.cron.kind === "interval") return [];
  const { transition: gap, fromWallMs, untilWallMs } = range;
  const found: Occurrence[] = [];
  let wallMs = nextWallMs(recurrence.cron, fromWallMs - 1);
  while (wallMs !== null && wallMs < untilWallMs && isInGap(gap, wallMs)) {
    const isSkipped = recurrence.dstGap === "skip";
    found.push({ ...moveOutOfGap(recurrence, gap, wallMs), note: isSkipped ? "dst_gap_skipped" : "dst_gap_moved" });
    wallMs = nextWallMs(recurrence.cron, wallMs);
  }
  return found;
}
