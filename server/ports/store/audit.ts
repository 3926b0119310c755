import type { AuditFilter } from "~/server/domain/audit/filter";

/** The audit trail. Entries are JSON documents, newest first by their ids, which begin with the time. */
export interface AuditStore {
  /** A page of the entries that match, after the cursor of the previous page. */
  listAudit(input: AuditFilter & { limit: number; cursor?: string }): Promise<{
    items: string[];
    nextCursor: string | null;
  }>;
  /** The number of entries that match, at most `max`. */
  countAudit(input: AuditFilter & { max: number }): Promise<number>;
}
