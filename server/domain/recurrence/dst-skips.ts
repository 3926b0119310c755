import { skippedByDst } from "./dst";
import { nextOccurrence } from "./next";
import { type Occurrence, openRecurrence, type RecurrenceSpec } from "./spec";
import { transitions } from "./zone";

/** How far back gaps are searched: about ten years. Older skipped occurrences get no ledger row. */
const LOOK_BACK_MS = 10 * 366 * 86_400_000;
/** More than the 7,200 occurrences of a cron that lists every second, in a gap of two hours. */
const LIMIT = 10_000;

interface BeforeRange {
  nominalMs: number;
  /** When the current times of the schedule took effect. */
  sinceMs: number;
}

/**
 * The skipped occurrences (`dstGap: "skip"`) that belong to the planned occurrence at `nominalMs`, oldest first. A
 * skipped occurrence belongs to the next planned occurrence and is recorded when that occurrence is decided, so that it
 * is recorded exactly once without stored state.
 */
export function skippedByDstBefore(spec: RecurrenceSpec, { nominalMs, sinceMs }: BeforeRange): Occurrence[] {
  if (spec.dstGap !== "skip") return [];
  const recurrence = openRecurrence(spec);
  if (recurrence.cron.kind === "interval") return [];
  const fromMs = Math.max(sinceMs, recurrence.startAt - 1, nominalMs - LOOK_BACK_MS);
  const changes = [...transitions(recurrence.zone, { fromMs, untilMs: nominalMs })];
  const gaps = changes.filter((change) => change.newOffsetMs > change.oldOffsetMs);
  const found: Occurrence[] = [];
  for (const gap of gaps.reverse()) {
    const endMs = gap.atMs + gap.newOffsetMs - gap.oldOffsetMs;
    const next = nextOccurrence(spec, endMs - 1);
    // This gap and all earlier gaps belong to an earlier planned occurrence.
    if (next !== null && next.nominalMs < nominalMs) break;
    const range = { afterMs: Math.max(sinceMs, gap.atMs - 1), untilMs: Math.min(endMs, nominalMs), limit: LIMIT };
    const belonging = skippedByDst(spec, range).filter(
      (one) => nextOccurrence(spec, one.nominalMs)?.nominalMs === nominalMs,
    );
    found.unshift(...belonging);
  }
  return found;
}

/** The skipped occurrences between the last planned occurrence and the schedule's end. */
export function skippedByDstAtEnd(spec: RecurrenceSpec, lastNominalMs: number): Occurrence[] {
  if (spec.dstGap !== "skip" || spec.endAt == null || nextOccurrence(spec, lastNominalMs) !== null) return [];
  return skippedByDst(spec, { afterMs: lastNominalMs, untilMs: spec.endAt, limit: LIMIT });
}

/**
 * The unrecorded skipped occurrences of a plan that ends at `untilMs`. `nextMs`: the plan's next occurrence.
 */
export function skippedByDstUntil(
  spec: RecurrenceSpec,
  range: { nextMs: number; sinceMs: number; untilMs: number },
): Occurrence[] {
  if (spec.dstGap !== "skip") return [];
  const { nextMs, sinceMs, untilMs } = range;
  const before = skippedByDstBefore(spec, { nominalMs: nextMs, sinceMs }).filter((one) => one.nominalMs <= untilMs);
  const afterMs = Math.max(nextMs, sinceMs);
  return untilMs <= afterMs ? before : [...before, ...skippedByDst(spec, { afterMs, untilMs, limit: LIMIT })];
}
