import type { ChainLink } from "~/server/domain/audit/chain";

/** An audit entry with its place in its chain. The hash is computed over `json`. */
export interface AuditStreamEntry extends ChainLink {
  chain: number;
  json: string;
  /** Epoch ms. */
  atMs: number;
  /** `succeeded` or `refused`. */
  result: string;
}

/** A receiver of the audit trail outside of the installation. */
export interface AuditReceiver {
  readonly name: "webhook" | "syslog";
  /**
   * Delivers consecutive entries of one chain. Throws unless the receiver acknowledged all of them or, for syslog, all
   * were sent. After an error all are sent again, so a receiver may get an entry more than once.
   */
  send(entries: readonly AuditStreamEntry[], nowMs: number): Promise<void>;
  close(): Promise<void>;
}
