import type { AuditEntry } from "../audit/entry";
import type { PauseFact } from "./explanation";

/** The verbs that begin and end a pause of all firing, and the target of their audit entries. */
export const FIRING_PAUSE_VERBS = ["system.pause_all", "system.resume_all"] as const;
export const FIRING_PAUSE_TARGET = "firing";

/** A pause of all firing with a known start. */
export type FiringPause = PauseFact & { at: string };

/** The pauses of all firing in these audit entries, oldest first. An entry during a pause changes that pause. */
export function firingPausesIn(entries: readonly AuditEntry[]): FiringPause[] {
  const pauses: FiringPause[] = [];
  for (const entry of entries.toSorted((a, b) => (a.entryId < b.entryId ? -1 : 1))) {
    const last = pauses.at(-1);
    const isInForce = last !== undefined && last.resumedAt === null && !isOver(last, entry.at);
    if (entry.verb === "system.resume_all") {
      // A pause ends at its planned end, even if the resume entry was written later.
      if (last?.resumedAt === null) {
        last.resumedAt = isOver(last, entry.at) ? last.until : entry.at;
        last.resumedBy = entry.actor;
      }
    } else if (entry.verb === "system.pause_all") {
      const fact = {
        entryId: entry.entryId,
        actor: entry.actor,
        note: entry.note,
        until: untilOf(entry.after),
        resumedAt: null,
        resumedBy: null,
      };
      if (isInForce) Object.assign(last, fact);
      else pauses.push({ at: entry.at, ...fact });
    }
  }
  return pauses;
}

/** The pause of all firing that was in force at `ms`, epoch ms; null for none. */
export function firingPauseAt(pauses: readonly FiringPause[], ms: number): FiringPause | null {
  const isIn = ({ at, until, resumedAt }: FiringPause) =>
    Date.parse(at) <= ms && ms < Math.min(endOf(until), endOf(resumedAt));
  return pauses.find(isIn) ?? null;
}

const endOf = (iso: string | null) => (iso === null ? Number.POSITIVE_INFINITY : Date.parse(iso));
const isOver = ({ until }: FiringPause, at: string) => Date.parse(at) >= endOf(until);

/** The planned end in the `after` of an audit entry; null for none. */
function untilOf(after: unknown): string | null {
  const until = typeof after === "object" && after !== null ? (after as { until?: unknown }).until : null;
  return typeof until === "string" ? until : null;
}
