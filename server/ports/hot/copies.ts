/** Small tables that Redis has a copy of: accounts and API keys (`u`), settings (`g`). */
export type CopiedKind = "u" | "g";

/** A document of such a table. The newest version of a key wins, even if it is a removal. */
export interface CopiedDocument {
  key: string;
  json: string;
  version: number;
  deleted: boolean;
  /** A second key to find it by; null for none. */
  index: string | null;
}

/** Copies of small tables of the store. */
export interface HotCopies {
  /** Copies documents, except those of which the copy has the same or a newer version; returns how many changed it. */
  copyDocuments(kind: CopiedKind, documents: readonly CopiedDocument[]): Promise<number>;
  /** Marks the copy as complete. */
  completeCopy(kind: CopiedKind): Promise<void>;
  isCopied(kind: CopiedKind): Promise<boolean>;
  /**
   * All documents that are not deleted, by key. If not `complete`, Redis is new or was lost: documents may be missing.
   */
  copied(kind: CopiedKind): Promise<{ complete: boolean; rows: Map<string, string> }>;
  copiedOne(kind: CopiedKind, key: string): Promise<{ complete: boolean; json: string | null }>;
  copiedBy(kind: CopiedKind, index: string): Promise<{ complete: boolean; json: string | null }>;
}
