import { nextOccurrence } from "./next";
import type { Occurrence, RecurrenceSpec } from "./spec";

/** How far back the search looks at first. Each further look goes four times as far back. */
const FIRST_LOOK_MS = 60_000;
/** Equal to the limit of the search for the next occurrence. */
const LOOK_BACK_MS = 50 * 366 * 86_400_000;

/**
 * The last occurrence strictly before `beforeMs` (epoch ms). Null if there is none; occurrences more than 50 years back
 * may be missed. A binary search is correct, because a later start never gives an earlier next occurrence.
 * @throws CronError, AppError `timezone_unknown`
 */
export function previousOccurrence(spec: RecurrenceSpec, beforeMs: number): Occurrence | null {
  const nextBefore = (ms: number) => {
    const next = nextOccurrence(spec, ms);
    return next !== null && next.nominalMs < beforeMs ? next : null;
  };
  let lookMs = FIRST_LOOK_MS;
  let found = nextBefore(beforeMs - lookMs);
  while (found === null && lookMs < LOOK_BACK_MS) {
    lookMs *= 4;
    found = nextBefore(beforeMs - lookMs);
  }
  if (found === null) return null;
  let fromMs = found.nominalMs;
  let untilMs = beforeMs - 1;
  while (fromMs < untilMs) {
    const middleMs = fromMs + Math.floor((untilMs - fromMs) / 2);
    const next = nextBefore(middleMs);
    if (next === null) {
      untilMs = middleMs;
    } else {
      found = next;
      fromMs = next.nominalMs;
    }
  }
  return found;
}
