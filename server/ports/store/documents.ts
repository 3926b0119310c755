import type { DOCUMENT_KIND, DocumentKind } from "~/server/domain/document-kinds";

/**
 * A row of a small table. `json` is the document. The highest `version` of a key wins; some versions are times in ms.
 */
export interface DocumentRow {
  key: string;
  json: string;
  version: number;
  deleted: boolean;
}

/** The kinds whose tables are always small, so that they may be read completely. */
type ListedKind = (typeof DOCUMENT_KIND)[
  | "account"
  | "appliedRetention"
  | "bulkJob"
  | "protectionRule"
  | "savedView"
  | "setting"
  | "topicSchema"];

/** The tables of documents, one for each kind. */
export interface DocumentStore {
  insertDocuments(input: { token: string; kind: DocumentKind; rows: readonly DocumentRow[] }): Promise<void>;
  /** The newest version of each key, or of each key with the prefix, in key order. Includes deleted documents. */
  documents(kind: ListedKind, keyPrefix?: string): Promise<DocumentRow[]>;
  /** The newest `limit` refused messages of the delayed topic, newest first. */
  refusedMessages(limit: number): Promise<DocumentRow[]>;
  /**
   * Copies of occurrences that Redis stored apart from their schedules, such as retries and manual runs, at some time
   * since `sinceMs`, in key order after `afterKey`. For a rebuild of Redis and for the watchdog.
   */
  waitingSince(input: { sinceMs: number; afterKey?: string; limit: number }): Promise<DocumentRow[]>;
}
