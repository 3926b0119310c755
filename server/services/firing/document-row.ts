import type { DocumentRow } from "~/server/ports/store/documents";

/**
 * Reads a document. It carries its own key and version: `id`, `version` or `at`, and `deleted` if it is a tombstone.
 * Throws SyntaxError for text that is not JSON, and TypeError without an id.
 */
export function documentRow(json: string): DocumentRow {
  const document = JSON.parse(json) as { id: string; version?: number; at?: number; deleted?: boolean };
  if (typeof document.id !== "string") throw new TypeError("The document has no id.");
  // Message timestamps may lie before 1970, but versions are unsigned.
  const version = Math.max(0, document.version ?? document.at ?? 0);
  return { key: document.id, json, version, deleted: document.deleted === true };
}
