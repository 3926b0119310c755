import type { AuditEntry } from "./entry";

/** Conditions on audit entries; all must match. Times are epoch ms. */
export interface AuditFilter {
  /** Inclusive. */
  fromMs: number;
  /** Exclusive. */
  toMs: number;
  /** A part of the actor's e-mail address or, without an address, of the name, in any letter case. */
  actor?: string;
  verbs?: readonly string[];
  /** Entries with one of these ids as target, in the batch, or as bulk job. */
  targets?: readonly string[];
  result?: string;
  /** False leaves out the entries that a bulk job wrote for single schedules. */
  bulkItems?: boolean;
}

/** Applies the filter of the store's query to unrecorded entries. */
export function matchesAudit(entry: AuditEntry, filter: AuditFilter): boolean {
  const { fromMs, toMs, actor, verbs = [], targets = [], result, bulkItems = true } = filter;
  const atMs = Date.parse(entry.at);
  return (
    atMs >= fromMs &&
    atMs < toMs &&
    (actor === undefined || entry.actor.toLowerCase().includes(actor.toLowerCase())) &&
    (verbs.length === 0 || verbs.includes(entry.verb)) &&
    (targets.length === 0 || targets.some((id) => [entry.target, entry.job, ...entry.targets].includes(id))) &&
    (result === undefined || entry.result === result) &&
    (bulkItems || entry.job === null)
  );
}
