import type { AuditFilter } from "~/server/domain/audit/filter";

/** The audit trail. Entries are JSON documents, newest first by their ids, which begin with the time. */
export interface AuditStore {
  /**
   * A page of the entries that match, after the cursor of the page before. Reads along the table's order, so that a
   * page costs the same in a large table.
   */
  listAudit(input: AuditFilter & { limit: number; cursor?: string }): Promise<{
    items: string[];
    nextCursor: string | null;
  }>;
  /** How many entries match, counted up to `max`. */
  countAudit(input: AuditFilter & { max: number }): Promise<number>;
}
