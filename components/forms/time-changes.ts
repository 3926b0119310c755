/** How an edit changes the run times of the next days. Times are ISO 8601 UTC. */
export interface TimeChanges {
  added: number;
  removed: number;
  nextBefore: string | null;
  nextAfter: string | null;
}

/** Compares two ordered lists of run times of the same period. */
export function timeChanges(before: readonly string[], after: readonly string[]): TimeChanges {
  const timesBefore = new Set(before);
  const timesAfter = new Set(after);
  return {
    added: after.filter((time) => !timesBefore.has(time)).length,
    removed: before.filter((time) => !timesAfter.has(time)).length,
    nextBefore: before[0] ?? null,
    nextAfter: after[0] ?? null,
  };
}

/** The times from a schedule's start to its end, and up to `untilMs` (epoch ms). All bounds are inclusive. */
export function withinBounds(
  times: readonly string[],
  bounds: { startAt: string | null; endAt: string | null; untilMs: number },
): string[] {
  const from = bounds.startAt === null ? Number.NEGATIVE_INFINITY : Date.parse(bounds.startAt);
  const to = bounds.endAt === null ? bounds.untilMs : Math.min(Date.parse(bounds.endAt), bounds.untilMs);
  return times.filter((time) => {
    const at = Date.parse(time);
    return at >= from && at <= to;
  });
}
