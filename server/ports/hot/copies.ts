import type { DOCUMENT_KIND } from "~/server/domain/document-kinds";

/** The small tables of which Redis has a copy: accounts with API keys, settings, payload schemas, protection rules. */
export type CopiedKind = (typeof DOCUMENT_KIND)["account" | "setting" | "topicSchema" | "protectionRule"];

/** A document of a copied table. The newest version of a key wins, even if it is a removal. */
export interface CopiedDocument {
  key: string;
  json: string;
  version: number;
  deleted: boolean;
  /** A second key by which the document can be found; null for none. */
  index: string | null;
}

export interface HotCopies {
  /** Copies documents, unless the copy has the same or a newer version. Returns the number of copied documents. */
  copyDocuments(kind: CopiedKind, documents: readonly CopiedDocument[]): Promise<number>;
  completeCopy(kind: CopiedKind): Promise<void>;
  isCopied(kind: CopiedKind): Promise<boolean>;
  /**
   * All documents that are not deleted, by key. If not `complete`, Redis is new or was lost: documents may be missing.
   */
  copied(kind: CopiedKind): Promise<{ complete: boolean; rows: Map<string, string> }>;
  /** The document with this key; `json` is null if there is none. */
  copiedOne(kind: CopiedKind, key: string): Promise<{ complete: boolean; json: string | null }>;
  /** The document with this second key, `index`. */
  copiedByIndex(kind: CopiedKind, index: string): Promise<{ complete: boolean; json: string | null }>;
}
