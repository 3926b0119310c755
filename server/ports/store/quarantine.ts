import type { DocumentRow } from "./documents";

/** Data that could not be processed and needs a person's decision. */
export interface QuarantineStore {
  /** The newest `limit` items without their bytes, and the total. */
  quarantined(limit: number): Promise<{ items: DocumentRow[]; total: number }>;
  /** One item with its bytes; null if the item is unknown or decided. */
  quarantinedItem(key: string): Promise<DocumentRow | null>;
}
