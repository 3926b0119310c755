import { skippedByDst } from "./dst";
import { nextOccurrence } from "./next";
import { type Occurrence, openRecurrence, type RecurrenceSpec } from "./spec";
import { transitions } from "./zone";

/** How far back gaps are searched. A job that fires more rarely than this loses the row, not a run. */
const LOOK_BACK_MS = 10 * 366 * 86_400_000;
/** A gap of a job of every second has 7,200 occurrences. */
const LIMIT = 10_000;

/** Range: `sinceMs < nominalMs`. Before `sinceMs` the schedule had other times. */
interface Before {
  nominalMs: number;
  sinceMs: number;
}

/**
 * The skipped occurrences (`dstGap: "skip"`) that belong to the planned occurrence at `nominalMs`, oldest first. Each
 * belongs to the first planned occurrence after it and is recorded when that one is decided, so exactly once and
 * without stored state.
 */
export function skippedByDstBefore(spec: RecurrenceSpec, { nominalMs, sinceMs }: Before): Occurrence[] {
  if (spec.dstGap !== "skip") return [];
  const recurrence = openRecurrence(spec);
  if (recurrence.cron.kind === "interval") return [];
  const fromMs = Math.max(sinceMs, recurrence.startAt - 1, nominalMs - LOOK_BACK_MS);
  const changes = [...transitions(recurrence.zone, { fromMs, untilMs: nominalMs })];
  const gaps = changes.filter((change) => change.afterMs > change.beforeMs);
  const found: Occurrence[] = [];
  for (const gap of gaps.reverse()) {
    const endMs = gap.atMs + gap.afterMs - gap.beforeMs;
    const next = nextOccurrence(spec, endMs - 1);
    // An earlier planned occurrence has this gap and all before it.
    if (next !== null && next.nominalMs < nominalMs) break;
    const range = { afterMs: Math.max(sinceMs, gap.atMs - 1), untilMs: Math.min(endMs, nominalMs), limit: LIMIT };
    const own = skippedByDst(spec, range).filter((one) => nextOccurrence(spec, one.nominalMs)?.nominalMs === nominalMs);
    found.unshift(...own);
  }
  return found;
}

/** The skipped occurrences between the last planned one and the schedule's end, which no planned one follows. */
export function skippedByDstAtEnd(spec: RecurrenceSpec, lastNominalMs: number): Occurrence[] {
  if (spec.dstGap !== "skip" || spec.endAt == null || nextOccurrence(spec, lastNominalMs) !== null) return [];
  return skippedByDst(spec, { afterMs: lastNominalMs, untilMs: spec.endAt, limit: LIMIT });
}

/**
 * The skipped occurrences up to `untilMs` of a plan that ends or is replaced there, and whose next occurrence is at
 * `nextMs`: those before `nextMs`, and those from it to `untilMs`.
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
