import type { DocumentRow } from "~/server/ports/store/documents";

/**
 * Converts a document to a row. The key of the row is the document's `id`. The version is `version` or, without it,
 * `at`. Throws SyntaxError for text that is not JSON, and TypeError without an id.
 */
export function documentRow(json: string): DocumentRow {
  const document = JSON.parse(json) as { id: string; version?: number; at?: number; deleted?: boolean };
  if (typeof document.id !== "string") throw new TypeError("The document has no id.");
  // Message timestamps may lie before 1970, but versions are unsigned.
  const version = Math.max(0, document.version ?? document.at ?? 0);
  return { key: document.id, json, version, deleted: document.deleted === true };
}
