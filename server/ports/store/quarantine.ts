import type { DocumentRow } from "./documents";

/** Data that could not be read, until somebody decides about it. */
export interface QuarantineStore {
  /** What is in the quarantine without its bytes, newest first, at most `limit`, and how many there are. */
  quarantined(limit: number): Promise<{ items: DocumentRow[]; total: number }>;
  /** One of them, with its bytes; null where it is not there, or decided. */
  quarantinedItem(key: string): Promise<DocumentRow | null>;
}
