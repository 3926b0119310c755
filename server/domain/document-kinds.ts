/**
 * The small tables: accounts, settings, audit, dead-letter decisions, refused messages, waiting occurrences, applied
 * retention, quarantine, bulk jobs.
 */
export const DOCUMENT_KINDS = ["u", "g", "a", "d", "r", "w", "t", "q", "j"] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];
