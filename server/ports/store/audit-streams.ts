/** The position up to which the audit trail was delivered to each receiver. */
export interface AuditStreamStore {
  /** The newest delivered sequence number of each chain. */
  deliveredAudit(receiver: string): Promise<Map<number, number>>;
  recordDelivered(input: { receiver: string; chain: number; seq: number }): Promise<void>;
}
