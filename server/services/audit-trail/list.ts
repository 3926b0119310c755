import { shortEntry } from "~/server/domain/audit/entry";
import type { Page } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { type ShownEntry, shownEntries } from "../protection/audit-entries";
import { type Reveal, reveal } from "../protection/content";
import { iso, isoOrNull } from "../schedules/view";
import { unscopedDeps } from "../scope";
import type { AuditFilterInput, ListAuditInput } from "./inputs";
import { type AuditPage, type AuditQuery, auditFilter, readAudit } from "./read";

/** Entries are counted up to this number. */
const MAX_COUNTED = 10_000;

/** An entry of a list, with long texts and lists cut. */
export type AuditRow = ShownEntry & { targetCount: number };

/** Returns a page of the audit trail of a time range, newest first. Throws `cursor_invalid`. */
export async function listAudit(call: { ctx: Ctx; input: ListAuditInput }): Promise<Page<AuditRow>> {
  requireRight(call.ctx, "audit:read");
  const { deps } = call.ctx;
  const { limit, cursor, reveal: isWanted, ...conditions } = call.input;
  const query = { ...auditFilter(conditions), limit, cursor };
  const how = await revealAudit(call.ctx, isWanted, conditions);
  return countedPage(deps, { query, page: await readAudit(deps, query), how });
}

/**
 * If `wanted`, writes an audit entry and allows the answer to show protected values, or throws `forbidden` for a caller
 * without `payloads:read`.
 */
export function revealAudit(ctx: Ctx, wanted: boolean | undefined, { from, to, ...filter }: AuditFilterInput) {
  const range = { from: iso(from), to: isoOrNull(to ?? null) };
  return reveal(ctx, wanted, { action: "audit.reveal", target: "audit", after: { ...range, ...filter } });
}

/** Returns the entries as a page, with the total number of matching entries. */
export async function countedPage(
  deps: Deps,
  { query, page, how }: { query: AuditQuery; page: AuditPage; how: Reveal },
): Promise<Page<AuditRow>> {
  const { entries, nextCursor, unrecordedCount, visibleFilter } = page;
  const isOnlyPage = query.cursor === undefined && nextCursor === null;
  // `visibleFilter` has the scope already, which the store with the scope would compute again.
  const { store } = unscopedDeps(deps);
  const counted =
    isOnlyPage || visibleFilter === null
      ? entries.length
      : unrecordedCount + (await store.countAudit({ ...visibleFilter, max: MAX_COUNTED + 1 }));
  return {
    items: (await shownEntries(deps, entries, how)).map(shortEntry),
    nextCursor,
    total: Math.min(counted, MAX_COUNTED),
    totalIsExact: counted <= MAX_COUNTED,
  };
}
