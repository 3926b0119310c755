/** Small tables that Redis has a copy of: accounts and API keys, settings. */
export type CopiedKind = "u" | "g";

/** A document of such a table. The newest version of a key wins, a deleted one as well. */
export interface CopiedDocument {
  key: string;
  json: string;
  version: number;
  deleted: boolean;
  /** What it is found by beside its key; null: nothing. */
  index: string | null;
}

/** Copies of small tables of the store. */
export interface HotCopies {
  /** Lays documents into the copy, each unless it has a version as new; answers how many changed it. */
  copyDocuments(kind: CopiedKind, documents: readonly CopiedDocument[]): Promise<number>;
  /** Says that the copy has everything that ClickHouse has. */
  completeCopy(kind: CopiedKind): Promise<void>;
  isCopied(kind: CopiedKind): Promise<boolean>;
  /**
   * All that lives, by key. Not `complete`: Redis is new or was lost, and what is missing is not known to be missing.
   */
  copied(kind: CopiedKind): Promise<{ complete: boolean; rows: Map<string, string> }>;
  copiedOne(kind: CopiedKind, key: string): Promise<{ complete: boolean; json: string | null }>;
  copiedBy(kind: CopiedKind, index: string): Promise<{ complete: boolean; json: string | null }>;
}
