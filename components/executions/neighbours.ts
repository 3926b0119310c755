const KEY = "stufio:executions";
const MAX_IDS = 1000;

/** Stores a list's row ids, in this tab only, for the pages that are opened from the list. */
export function rememberNeighbours(ids: readonly string[]): void {
  sessionStorage.setItem(KEY, JSON.stringify(ids.slice(0, MAX_IDS)));
}

/** The row ids, in order, of the list that this execution was opened from; null if unknown. */
export function recallNeighbours(executionId: string): readonly string[] | null {
  const stored = sessionStorage.getItem(KEY);
  if (stored === null) return null;
  const ids: unknown = JSON.parse(stored);
  return isListOfIds(ids) && ids.includes(executionId) ? ids : null;
}

/** Checked without zod, to keep zod out of the bundles of all pages with a link to an execution. */
function isListOfIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= MAX_IDS && value.every((id) => typeof id === "string");
}
