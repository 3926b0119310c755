import type { DocumentKind } from "~/server/domain/document-kinds";

/** A row of a small table. `json` is the document; the newest `version` of a key wins. */
export interface DocumentRow {
  key: string;
  json: string;
  version: number;
  deleted: boolean;
}

/** The small tables. */
export interface DocumentStore {
  insertDocuments(input: { token: string; kind: DocumentKind; rows: readonly DocumentRow[] }): Promise<void>;
  /** The newest version of each key, deleted ones too. */
  documents(kind: "u" | "g" | "t"): Promise<DocumentRow[]>;
  /** Parts of bulk jobs whose keys begin with `start`, in key order. */
  bulkParts(start: string): Promise<DocumentRow[]>;
  /**
   * The audit documents of these actions on one target, `fromMs <= at < toMs` (epoch ms), newest first: JSON text.
   */
  auditOf(input: {
    target: string;
    actions: readonly string[];
    fromMs: number;
    toMs: number;
    limit: number;
  }): Promise<string[]>;
  /** The newest `limit` messages that the delayed topic refused, newest first. */
  refusedMessages(limit: number): Promise<DocumentRow[]>;
  /** Occurrences that were only in Redis at some time since `sinceMs`, in key order after `afterKey`. */
  waitingSince(input: { sinceMs: number; afterKey?: string; limit: number }): Promise<DocumentRow[]>;
}
