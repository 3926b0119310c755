import type { AuditEntry } from "./entry";

/** The verbs that begin and end a pause. */
export const PAUSE_VERBS = ["schedule.pause", "schedule.resume"] as const;

/** The last pause of a schedule, ended or not. Times are ISO 8601 UTC. */
export interface LastPause {
  scheduleId: string;
  pausedAt: string;
  pausedBy: string;
  note: string | null;
  /** The planned end. */
  until: string | null;
  /** Null while the pause lasts. */
  resumedAt: string | null;
  resumedBy: string | null;
}

/**
 * The last pause of each schedule in the trail.
 *
 * @param trail newest first
 */
export function lastPauses(trail: readonly AuditEntry[]): LastPause[] {
  const resumes = new Map<string, AuditEntry>();
  const found = new Map<string, LastPause>();
  for (const entry of trail) {
    const { verb, target: scheduleId } = entry;
    if (found.has(scheduleId)) continue;
    if (verb === "schedule.resume") {
      // The oldest of several resumes ended the pause, and replaces newer resumes here.
      resumes.set(scheduleId, entry);
    } else if (verb === "schedule.pause") {
      const resume = resumes.get(scheduleId);
      found.set(scheduleId, {
        scheduleId,
        pausedAt: entry.at,
        pausedBy: entry.actor,
        note: entry.note,
        until: untilOf(entry.after),
        resumedAt: resume?.at ?? null,
        resumedBy: resume?.actor ?? null,
      });
    }
  }
  return [...found.values()];
}

function untilOf(after: unknown): string | null {
  const until = typeof after === "object" && after !== null ? (after as { until?: unknown }).until : null;
  return typeof until === "string" ? until : null;
}
