/** The kinds of documents in ClickHouse, with the letters that Redis and ClickHouse store. */
export const DOCUMENT_KIND = {
  account: "u",
  setting: "g",
  auditEntry: "a",
  deadLetterDecision: "d",
  refusedMessage: "r",
  waitingOccurrence: "w",
  appliedRetention: "t",
  quarantineItem: "q",
  bulkJob: "j",
  topicSchema: "p",
  savedView: "v",
  protectionRule: "o",
} as const;

/** The kinds of outbox entries that are complete rows of the ledger and of the catalogue. */
export const LEDGER_ROW_KIND = "x";
export const SCHEDULE_ROW_KIND = "s";

/** Whether the key of a document of this kind is a topic. */
export const isByTopic = (kind: DocumentKind): boolean =>
  kind === DOCUMENT_KIND.topicSchema || kind === DOCUMENT_KIND.protectionRule;

export type DocumentKind = (typeof DOCUMENT_KIND)[keyof typeof DOCUMENT_KIND];
export const DOCUMENT_KINDS: readonly DocumentKind[] = Object.values(DOCUMENT_KIND);
