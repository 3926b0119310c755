/** Changing more items than this at once requires typing their number. */
const MAX_UNTYPED = 100;

type Action = "pause" | "resume" | "retag" | "spread" | "execute" | "delete" | "replay" | "discard";

/**
 * Whether the user must type the number of items before a bulk action starts: always if it cannot be undone, never for
 * tags, otherwise above a limit.
 */
export function mustTypeCount(action: Action, count: number): boolean {
  switch (action) {
    case "delete":
    case "execute":
      return count > 0;
    case "discard":
      return count > 1;
    case "retag":
      return false;
    default:
      return count > MAX_UNTYPED;
  }
}
