import type { ChainedEntry, ChainLink } from "~/server/domain/audit/chain";
import type { Unchained } from "~/server/domain/audit/checkpoint";
import type { DocumentRow } from "./documents";

/** An audit entry with its place in the chain of its shard. */
export interface ChainedRow extends ChainLink, Omit<DocumentRow, "deleted"> {}

/** The hash chains of the audit trail, one for each shard. */
export interface AuditChainStore {
  insertAudit(input: { token: string; chain: number; rows: readonly ChainedRow[] }): Promise<void>;
  /** The newest link of a chain at or after `fromSeq`, which speeds up the search; null for none. */
  auditHead(input: { chain: number; fromSeq: number }): Promise<ChainLink | null>;
  /** The subset of the ids that are recorded. */
  recordedAudit(ids: readonly string[]): Promise<Set<string>>;
  /** The entries of a chain after a sequence number, in order. Includes entries with equal numbers. */
  chainedAudit(input: { chain: number; afterSeq: number; limit: number }): Promise<ChainedEntry[]>;
  /** The lowest chain number above `after` with entries; null for none. */
  nextAuditChain(after: number): Promise<number | null>;
  /**
   * The JSON of the newest checkpoint of a chain. A checkpoint in this chain is ignored unless it comes after the link
   * that it states.
   */
  auditCheckpoint(chain: number): Promise<string | null>;
  /** The number and a digest of the entries outside of the chains from `fromMs` on. */
  unchainedAudit(fromMs: number): Promise<Unchained>;
  /** The newest link such that it and all earlier entries of the chain are older than `beforeMs`; null for none. */
  expiredAudit(input: { chain: number; beforeMs: number }): Promise<ChainLink | null>;
  /**
   * Deletes, in the background, the entries of a chain up to `toSeq`, and entries outside of the chains that are older
   * than `beforeMs`. Returns their number; `dryRun` only counts.
   */
  deleteAudit(input: { chain: number; toSeq: number; beforeMs: number; dryRun: boolean }): Promise<number>;
}
