/** Above this number of items, actions without a rule of their own require typing the number. */
const MAX_UNTYPED = 100;

type Action = "pause" | "resume" | "retag" | "spread" | "execute" | "delete" | "replay" | "discard";

/**
 * Whether the user must type the number of items before a bulk action starts: for any delete or run, for a discard of
 * more than one dead letter, and for any other action on more than `MAX_UNTYPED` items. Never for a retag, because it
 * does not affect firing and can be undone.
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
