import { skippedByDst } from "./dst";
import { nextOccurrence } from "./next";
import { type Occurrence, planOf, type RecurrenceSpec } from "./spec";
import { transitions } from "./zone";

/** How far back a gap is looked for. A job that fires more rarely than this loses the row, not a run. */
const LOOK_BACK_MS = 10 * 366 * 86_400_000;
/** One gap of a job of every second has 7,200. */
const LIMIT = 10_000;

/** Range: `sinceMs < nominalMs`; what was planned before `sinceMs` was of other times. */
interface Before {
  nominalMs: number;
  sinceMs: number;
}

/**
 * Each time that `dstGap: "skip"` leaves out belongs to the planned occurrence that comes first after it: it is
 * recorded when that one is decided, so exactly once, and nobody has to remember what came before. Answers those of the
 * occurrence at `nominalMs`, oldest first.
 */
export function leftOutBefore(spec: RecurrenceSpec, { nominalMs, sinceMs }: Before): Occurrence[] {
  if (spec.dstGap !== "skip") return [];
  const plan = planOf(spec);
  if (plan.cron.kind === "interval") return [];
  const fromMs = Math.max(sinceMs, plan.startAt - 1, nominalMs - LOOK_BACK_MS);
  const gaps = [...transitions(plan.zone, { fromMs, untilMs: nominalMs })].filter((one) => one.afterMs > one.beforeMs);
  const found: Occurrence[] = [];
  for (const gap of gaps.reverse()) {
    const endMs = gap.atMs + gap.afterMs - gap.beforeMs;
    const next = nextOccurrence(spec, endMs - 1);
    // An occurrence lies between: it has this gap, and all before.
    if (next !== null && next.nominalMs < nominalMs) break;
    const range = { afterMs: Math.max(sinceMs, gap.atMs - 1), untilMs: Math.min(endMs, nominalMs), limit: LIMIT };
    const own = skippedByDst(spec, range).filter((one) => nextOccurrence(spec, one.nominalMs)?.nominalMs === nominalMs);
    found.unshift(...own);
  }
  return found;
}

/**
 * What is left out between the last occurrence and the schedule's own end: nothing comes after it that could have it.
 */
export function leftOutAtEnd(spec: RecurrenceSpec, lastNominalMs: number): Occurrence[] {
  if (spec.dstGap !== "skip" || spec.endAt == null || nextOccurrence(spec, lastNominalMs) !== null) return [];
  return skippedByDst(spec, { afterMs: lastNominalMs, untilMs: spec.endAt, limit: LIMIT });
}

/**
 * What is left out up to `untilMs`, where the plan stands before the occurrence at `nextMs` and is ended or replaced
 * there: of `nextMs`, of those behind it, and what the next after `untilMs` would have had.
 */
export function leftOutUntil(
  spec: RecurrenceSpec,
  given: { nextMs: number; sinceMs: number; untilMs: number },
): Occurrence[] {
  if (spec.dstGap !== "skip") return [];
  const { nextMs, sinceMs, untilMs } = given;
  const before = leftOutBefore(spec, { nominalMs: nextMs, sinceMs }).filter((one) => one.nominalMs <= untilMs);
  const afterMs = Math.max(nextMs, sinceMs);
  return untilMs <= afterMs ? before : [...before, ...skippedByDst(spec, { afterMs, untilMs, limit: LIMIT })];
}
