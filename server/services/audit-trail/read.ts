import { type AuditEntry, readAuditEntry } from "~/server/domain/audit/entry";
import { type AuditFilter, matchesAudit } from "~/server/domain/audit/filter";
import { isDataFault } from "~/server/domain/data-fault";
import { LATEST_MS } from "~/server/domain/instant";
import type { Deps } from "../ctx";
import { OVERLAY_LIMIT } from "../schedules/current";
import { unscopedDeps } from "../scope";
import { isVisibleEntry, visibleTrail } from "../scoped/audit-window";
import type { AuditFilterInput } from "./inputs";

export type AuditQuery = AuditFilter & { limit: number; cursor?: string };

export interface AuditPage {
  entries: AuditEntry[];
  nextCursor: string | null;
  /** The number of entries that ClickHouse does not have yet. */
  fresh: number;
}

/**
 * Reads a page of the audit trail, newest first. The first page also has the matching entries that ClickHouse does not
 * have yet.
 */
export async function readAudit(deps: Deps, input: AuditQuery): Promise<AuditPage> {
  if (deps.scope === undefined) return readTrail(deps, input);
  const { targets, fromMs } = await visibleTrail(deps, input.targets ?? []);
  if (targets.length === 0) return { entries: [], nextCursor: null, fresh: 0 };
  const page = await readTrail(unscopedDeps(deps), { ...input, targets, fromMs: Math.max(input.fromMs, fromMs) });
  const entries = page.entries.filter((entry) => isVisibleEntry(deps.scope, entry));
  return { ...page, entries: entries.map((entry) => withoutOthers(entry, targets)) };
}

/** An entry of a batch is also about schedules that the caller may not see. */
function withoutOthers(entry: AuditEntry, targets: readonly string[]): AuditEntry {
  if (entry.targets.length === 0) return entry;
  const own = entry.targets.filter((id) => targets.includes(id));
  return { ...entry, targets: own, ...(entry.targets.length > 1 ? { before: null, after: null } : {}) };
}

async function readTrail(deps: Deps, input: AuditQuery): Promise<AuditPage> {
  // Read the outbox first, so that an entry that is recorded between the two reads is found.
  const unflushed = input.cursor === undefined ? (await deps.hot.unflushed({ limit: OVERLAY_LIMIT })).audit : [];
  const { items, nextCursor } = await deps.store.listAudit(input);
  const stored = items.flatMap(readable);
  const known = new Set(stored.map((entry) => entry.entryId));
  const fresh = unflushed.flatMap(readable).filter((entry) => !known.has(entry.entryId) && matchesAudit(entry, input));
  const entries = [...fresh, ...stored].sort((a, b) => (a.entryId < b.entryId ? 1 : -1));
  return { entries, nextCursor, fresh: fresh.length };
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
