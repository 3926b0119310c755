import { type AuditEntry, readAuditEntry } from "~/server/domain/audit/entry";
import { type AuditFilter, matchesAudit } from "~/server/domain/audit/filter";
import { isDataFault } from "~/server/domain/data-fault";
import { LATEST_MS } from "~/server/domain/instant";
import type { Deps } from "../ctx";
import { OVERLAY_LIMIT } from "../newest-schedules";
import { unscopedDeps } from "../scope";
import { isVisibleEntry, targetsInWindow, visibleTrail, windowFilter } from "../scoped/audit-window";
import type { AuditFilterInput } from "./inputs";

export type AuditQuery = AuditFilter & { limit: number; cursor?: string };

export interface AuditPage {
  entries: AuditEntry[];
  nextCursor: string | null;
  /** The number of matching entries that ClickHouse does not have yet. */
  unrecordedCount: number;
  /** The query's filter, narrowed to the entries that the caller may see; null if the caller may see none. */
  visibleFilter: AuditFilter | null;
}

/**
 * Reads a page of the audit trail, newest first. The first page also has the matching entries that ClickHouse does not
 * have yet.
 */
export async function readAudit(deps: Deps, input: AuditQuery): Promise<AuditPage> {
  const { limit: _, cursor: __, ...filter } = input;
  if (deps.scope === undefined) return { ...(await readTrail(deps, input)), visibleFilter: filter };
  const window = await visibleTrail(deps, input.targets ?? []);
  const own = windowFilter(window, input);
  if (own === null) return { entries: [], nextCursor: null, unrecordedCount: 0, visibleFilter: null };
  const page = await readTrail(unscopedDeps(deps), { ...input, ...own });
  const entries = page.entries.flatMap((entry) => {
    const targets = targetsInWindow(window, entry);
    return targets.length > 0 && isVisibleEntry(deps.scope, entry) ? [withoutOthers(entry, targets)] : [];
  });
  return { ...page, entries, visibleFilter: { ...filter, ...own } };
}

/** An entry of a batch is also about schedules that the caller may not see. */
function withoutOthers(entry: AuditEntry, targets: readonly string[]): AuditEntry {
  if (entry.targets.length === 0) return entry;
  const own = entry.targets.filter((id) => targets.includes(id));
  return { ...entry, targets: own, ...(entry.targets.length > 1 ? { before: null, after: null } : {}) };
}

async function readTrail(deps: Deps, input: AuditQuery): Promise<Omit<AuditPage, "visibleFilter">> {
  // Read the outbox first, so that an entry that is recorded between the two reads is found.
  const unflushed = (await deps.hot.unflushed({ limit: OVERLAY_LIMIT })).audit;
  const { items, nextCursor } = await deps.store.listAudit(input);
  const stored = items.flatMap(readable);
  const known = new Set(stored.map((entry) => entry.entryId));
  const fresh = unflushed.flatMap(readable).filter((entry) => !known.has(entry.entryId) && matchesAudit(entry, input));
  const shown = input.cursor === undefined ? [...fresh, ...stored] : stored;
  const entries = shown.toSorted((a, b) => (a.entryId < b.entryId ? 1 : -1));
  return { entries, nextCursor, unrecordedCount: fresh.length };
}

/** Skips an unreadable document, so that it does not fail the page. */
function readable(json: string): AuditEntry[] {
  try {
    return [readAuditEntry(json)];
  } catch (error) {
    if (isDataFault(error)) return [];
    throw error;
  }
}

export function auditFilter({ from, to, verb, target, ...conditions }: AuditFilterInput): AuditFilter {
  return {
    ...conditions,
    fromMs: from,
    toMs: to ?? LATEST_MS,
    verbs: verb,
    targets: target === undefined ? [] : [target],
  };
}
