import { type AuditEntry, shortEntry } from "~/server/domain/audit/entry";
import type { Page } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import type { ListAuditInput } from "./inputs";
import { type AuditPage, type AuditQuery, auditFilter, readAudit } from "./read";

/** Entries are counted up to this number; beyond it a list shows "10,000+". */
const MAX_COUNTED = 10_000;

/** An entry of a list: long texts and lists are cut. */
export type AuditRow = AuditEntry & { targetCount: number };

/** Returns a page of the audit trail of a time range, newest first. Throws `cursor_invalid`. */
export async function listAudit(call: { ctx: Ctx; input: ListAuditInput }): Promise<Page<AuditRow>> {
  requireRight(call.ctx, "audit:read");
  const { deps } = call.ctx;
  const { limit, cursor, ...conditions } = call.input;
  const query = { ...auditFilter(conditions), limit, cursor };
  return countedPage(deps, query, await readAudit(deps, query));
}

/** The entries as a page, with the count of all that match. */
export async function countedPage(
  deps: Deps,
  { limit: _, cursor, ...filter }: AuditQuery,
  { entries, nextCursor, fresh }: AuditPage,
): Promise<Page<AuditRow>> {
  const isOnlyPage = cursor === undefined && nextCursor === null;
  const counted = isOnlyPage
    ? entries.length
    : fresh + (await deps.store.countAudit({ ...filter, max: MAX_COUNTED + 1 }));
  return {
    items: entries.map(shortEntry),
    nextCursor,
    total: Math.min(counted, MAX_COUNTED),
    totalIsExact: counted <= MAX_COUNTED,
  };
}
