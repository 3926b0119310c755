/** The run times of a definition, ISO 8601 UTC, in order. */
export interface RunTimes {
  times: readonly string[];
  /** All runs up to this time (epoch ms) are in `times`. */
  completeUntilMs: number;
}

/** How an edit changes the run times of the next days. Times are ISO 8601 UTC. */
export interface TimeChanges {
  added: number;
  removed: number;
  nextBefore: string | null;
  nextAfter: string | null;
}

/** Compares the next runs, and counts the differences up to the time until which both lists are complete. */
export function timeChanges(before: RunTimes, after: RunTimes): TimeChanges {
  const untilMs = Math.min(before.completeUntilMs, after.completeUntilMs);
  const timesBefore = new Set(before.times);
  const timesAfter = new Set(after.times);
  const countWithout = (times: readonly string[], others: ReadonlySet<string>) =>
    times.filter((time) => Date.parse(time) <= untilMs && !others.has(time)).length;
  return {
    added: countWithout(after.times, timesBefore),
    removed: countWithout(before.times, timesAfter),
    nextBefore: before.times[0] ?? null,
    nextAfter: after.times[0] ?? null,
  };
}

/**
 * The runs of a preview that are within the start and the end of a schedule, both inclusive. They are complete up to
 * `untilMs` (epoch ms), or up to the last run if the preview has no room for more (`isFull`).
 */
export function runTimes(
  preview: { times: readonly string[]; isFull: boolean },
  bounds: { startAt: string | null; endAt: string | null; untilMs: number },
): RunTimes {
  const startMs = bounds.startAt === null ? Number.NEGATIVE_INFINITY : Date.parse(bounds.startAt);
  const endMs = bounds.endAt === null ? Number.POSITIVE_INFINITY : Date.parse(bounds.endAt);
  const times = preview.times.filter((time) => {
    const at = Date.parse(time);
    return at >= startMs && at <= endMs;
  });
  const last = preview.times.at(-1);
  const isCut = preview.isFull && last !== undefined && Date.parse(last) < Math.min(endMs, bounds.untilMs);
  return { times, completeUntilMs: isCut ? Date.parse(last) : bounds.untilMs };
}
