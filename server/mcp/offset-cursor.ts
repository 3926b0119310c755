import { AppError } from "~/server/domain/errors";

/* For services that return all items at once: the cursor is the number of items on the earlier pages. */

const CURSOR = /^after-([1-9]\d{0,5})$/;

/** A page of the items. Throws `cursor_invalid`. */
export function pageOf<T>(
  items: readonly T[],
  { limit, cursor }: { limit: number; cursor?: string },
): { items: T[]; nextCursor: string | null; total: number } {
  const after = cursor === undefined ? 0 : Number(CURSOR.exec(cursor)?.[1]);
  if (Number.isNaN(after)) {
    throw new AppError(
      "cursor_invalid",
      "The cursor is damaged or does not belong to this list. Start from the first page.",
    );
  }
  const end = after + limit;
  return {
    items: items.slice(after, end),
    nextCursor: end < items.length ? `after-${end}` : null,
    total: items.length,
  };
}
