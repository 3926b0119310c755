import { eachMinute, nextOccurrence, occurrences, type RecurrenceSpec } from "../recurrence";

const MINUTE_MS = 60_000;

/** The nominal times of schedules, and the window of their jitter. */
export interface Cadence {
  spec: RecurrenceSpec;
  jitterSeconds: number;
}

/** Whole minutes, `fromMs <= t < toMs`. */
export interface LoadRange {
  fromMs: number;
  toMs: number;
}

/**
 * Counts the expected firings of one schedule of this cadence. Calls `add` with a minute of the range (0 is the first)
 * and a number of firings, possibly several times for a minute. An occurrence with jitter counts as a fraction in each
 * minute of its window.
 * @throws CronError, AppError `timezone_unknown`
 */
export function expectedFirings(
  { spec, jitterSeconds }: Cadence,
  { fromMs, toMs }: LoadRange,
  add: (minute: number, firings: number) => void,
): void {
  const jitterMs = jitterSeconds * 1000;
  const span = { fromMs: fromMs - jitterMs, untilMs: toMs - 1 };
  const addInRange = (minuteMs: number, firings: number) => {
    if (minuteMs >= fromMs && minuteMs < toMs && firings > 0) add((minuteMs - fromMs) / MINUTE_MS, firings);
  };
  if (jitterMs === 0) {
    eachMinute(spec, span, addInRange);
    return;
  }
  // Jitter ends before the next occurrence, so only the last occurrence of a minute can leave the minute.
  let lastMs = null as number | null;
  eachMinute(spec, span, (minuteMs, count, firstMs, minuteLastMs) => {
    if (lastMs !== null) spread({ fromMs: lastMs, untilMs: firstMs, jitterMs }, addInRange);
    addInRange(minuteMs, count - 1);
    lastMs = minuteLastMs;
  });
  if (lastMs === null) return;
  const untilMs = nextOccurrence(spec, lastMs)?.nominalMs ?? Number.POSITIVE_INFINITY;
  spread({ fromMs: lastMs, untilMs, jitterMs }, addInRange);
}

/** Spreads one firing evenly from its nominal time to the end of its jitter or to the next occurrence. */
function spread(
  window: { fromMs: number; untilMs: number; jitterMs: number },
  addInRange: (minuteMs: number, firings: number) => void,
): void {
  const { fromMs } = window;
  const endMs = Math.min(window.untilMs, fromMs + window.jitterMs);
  const lengthMs = endMs - fromMs;
  for (let minuteMs = Math.floor(fromMs / MINUTE_MS) * MINUTE_MS; minuteMs < endMs; minuteMs += MINUTE_MS) {
    const overlapMs = Math.min(endMs, minuteMs + MINUTE_MS) - Math.max(fromMs, minuteMs);
    addInRange(minuteMs, overlapMs / lengthMs);
  }
}

/**
 * The spec with an end at the last occurrence that `max_runs` allows, or before now if no runs are left. Unchanged if
 * the last allowed occurrence is after `untilMs`.
 *
 * @param runsLeft null for no limit
 */
export function withinRuns(
  spec: RecurrenceSpec,
  { runsLeft, nowMs, untilMs }: { runsLeft: number | null; nowMs: number; untilMs: number },
): RecurrenceSpec {
  if (runsLeft === null) return spec;
  if (runsLeft <= 0) return { ...spec, endAt: nowMs - 1 };
  let left = runsLeft;
  let endAt = null as number | null;
  eachMinute(spec, { fromMs: nowMs, untilMs }, (_, count, firstMs) => {
    if (left > 0 && count >= left) {
      endAt = occurrences(spec, { afterMs: firstMs - 1, limit: left }).at(-1)?.nominalMs ?? null;
    }
    left -= count;
  });
  return endAt === null ? spec : { ...spec, endAt };
}

/** The number of runs that `max_runs` allows from `atMs` on, if all earlier occurrences run; null for no limit. */
export function runsLeftAt(
  spec: RecurrenceSpec,
  { runsLeft, nowMs, atMs }: { runsLeft: number | null; nowMs: number; atMs: number },
): number | null {
  if (runsLeft === null) return null;
  let left = runsLeft;
  eachMinute(spec, { fromMs: nowMs, untilMs: atMs - 1 }, (_, count) => {
    left -= count;
  });
  return Math.max(0, left);
}
