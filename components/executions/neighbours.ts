const KEY = "stufio:executions";
/** Maximum number of ids to store. */
const MAX_IDS = 1000;

/** Stores the row ids of the list for the pages that are opened from it, in this tab only. */
export function rememberNeighbours(ids: readonly string[]): void {
  sessionStorage.setItem(KEY, JSON.stringify(ids.slice(0, MAX_IDS)));
}

/** The row ids, in order, of the list that this execution was opened from; null if this tab has stored none for it. */
export function recallNeighbours(executionId: string): readonly string[] | null {
  const stored = sessionStorage.getItem(KEY);
  if (stored === null) return null;
  const ids: unknown = JSON.parse(stored);
  return isListOfIds(ids) && ids.includes(executionId) ? ids : null;
}

/** Checked without zod, which would be a tenth of the JavaScript of every page with a link to an execution. */
function isListOfIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= MAX_IDS && value.every((id) => typeof id === "string");
}
