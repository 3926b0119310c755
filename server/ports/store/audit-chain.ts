import type { ChainedEntry, ChainLink } from "~/server/domain/audit/chain";
import type { Unchained } from "~/server/domain/audit/checkpoint";
import type { DocumentRow } from "./documents";

/** An audit entry with its place in the chain of its shard. */
export interface ChainedRow extends ChainLink, Omit<DocumentRow, "deleted"> {}

/** The hash chains of the audit trail, one for each shard. */
export interface AuditChainStore {
  /** Inserts entries in one step. */
  insertAudit(input: { token: string; chain: number; rows: readonly ChainedRow[] }): Promise<void>;
  /** The newest link of a chain; null if it has none. `fromSeq`: a known number, from which the search begins. */
  auditHead(input: { chain: number; fromSeq: number }): Promise<ChainLink | null>;
  /** Which of the ids are recorded. */
  recordedAudit(ids: readonly string[]): Promise<Set<string>>;
  /** The entries of a chain after a sequence number, in order. Two entries with one number are both returned. */
  chainedAudit(input: { chain: number; afterSeq: number; limit: number }): Promise<ChainedEntry[]>;
  /** The lowest number of a chain above `after` that has entries; null if there is none. */
  nextAuditChain(after: number): Promise<number | null>;
  /**
   * The JSON of the newest recorded checkpoint of a chain. A checkpoint in its own chain comes after the link that it
   * states, so that following the chain checks it too.
   */
  auditCheckpoint(chain: number): Promise<string | null>;
  /** The entries without a place in a chain that are not older than `fromMs`. */
  unchainedAudit(fromMs: number): Promise<Unchained>;
  /** The newest link up to which all entries of the chain are older than `beforeMs`; null if there is none. */
  expiredAudit(input: { chain: number; beforeMs: number }): Promise<ChainLink | null>;
  /**
   * Deletes the entries of a chain up to a sequence number, and those outside of the chains that are older than
   * `beforeMs`, in the background. Returns how many there were; `dryRun` only counts.
   */
  deleteAudit(input: { chain: number; toSeq: number; beforeMs: number; dryRun: boolean }): Promise<number>;
}
