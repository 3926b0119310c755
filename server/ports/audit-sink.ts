import type { ChainLink } from "~/server/domain/audit/chain";

/** An audit entry with its place in its chain. `json` is the text over which the hash is computed. */
export interface SunkEntry extends ChainLink {
  chain: number;
  json: string;
  /** Epoch ms. */
  atMs: number;
  /** `succeeded` or `refused`. */
  result: string;
}

/** A receiver of the audit trail outside of the installation. */
export interface AuditSink {
  readonly name: "webhook" | "syslog";
  /**
   * Delivers consecutive entries of one chain. Throws if the receiver did not take them all; they are then sent again,
   * so a receiver may get an entry more than once.
   */
  send(entries: readonly SunkEntry[], nowMs: number): Promise<void>;
  close(): Promise<void>;
}
