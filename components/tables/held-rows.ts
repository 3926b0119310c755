"use client";

import { useState } from "react";

/**
 * The rows to show while the user works in the list: the rows of `before` in their order, with their newest data. New
 * rows are only counted. A missing row is dropped, unless new rows may have pushed it to the next page.
 */
export function holdRows<Row>(input: { before: readonly Row[]; now: readonly Row[]; id: (row: Row) => string }): {
  rows: Row[];
  fresh: number;
} {
  const { before, now, id } = input;
  const newest = new Map(now.map((row) => [id(row), row]));
  const known = new Set(before.map(id));
  const fresh = now.filter((row) => !known.has(id(row))).length;
  const rows = before.flatMap((row) => newest.get(id(row)) ?? (fresh > 0 ? [row] : []));
  return { rows, fresh };
}

/**
 * Holds the rows of one `listKey` in place while `engaged`; `show` displays the new rows. With `isPlaceholder` the rows
 * still belong to the list before, and are not held under the new key.
 */
export function useHeldRows<Row>({
  rows,
  listKey,
  engaged,
  isPlaceholder = false,
  id,
}: {
  rows: readonly Row[] | undefined;
  listKey: string;
  engaged: boolean;
  isPlaceholder?: boolean;
  id: (row: Row) => string;
}): { rows: readonly Row[] | undefined; fresh: number; show: () => void } {
  const [held, setHeld] = useState<{ listKey: string; rows: readonly Row[] } | null>(null);
  const holding = engaged && held !== null && held.listKey === listKey;
  const isKnown = held?.rows === rows && held?.listKey === listKey;
  if (rows && !isPlaceholder && !holding && !isKnown) setHeld({ listKey, rows });
  if (!rows || !holding) return { rows, fresh: 0, show: () => {} };
  const result = holdRows({ before: held.rows, now: rows, id });
  return { ...result, show: () => setHeld({ listKey, rows }) };
}
