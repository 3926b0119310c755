/** A change of the schedule, or a pause or resume of all firing, to be marked among the runs. `at`: epoch ms. */
export interface StripChange {
  id: string;
  kind: "edit" | "pause" | "resume" | "pause_all" | "resume_all";
  at: number;
  actor: string;
  note: string | null;
}

/**
 * The changes before each run, by the run's index. Changes after the last run have the index `runs.length`. Changes
 * before the first run are left out.
 *
 * @param runs oldest first; `at` in epoch ms
 */
export function changesBefore(
  runs: readonly { at: number }[],
  changes: readonly StripChange[],
): Map<number, StripChange[]> {
  const placed = new Map<number, StripChange[]>();
  for (const change of [...changes].sort((a, b) => a.at - b.at)) {
    const next = runs.findIndex((run) => run.at > change.at);
    if (next === 0) continue;
    const index = next === -1 ? runs.length : next;
    placed.set(index, [...(placed.get(index) ?? []), change]);
  }
  return placed;
}

/** The lateness, in ms, at which levels 1 to 5 begin. */
const LEVELS_MS = [100, 1000, 10_000, 60_000, 600_000] as const;

/** Lateness as a level, from 0 (less than 100 ms, or unknown) to 5. */
export function latenessLevel(latenessMs: number | null | undefined): number {
  if (latenessMs === null || latenessMs === undefined) return 0;
  return LEVELS_MS.filter((limit) => latenessMs >= limit).length;
}
