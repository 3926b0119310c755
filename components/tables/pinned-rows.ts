"use client";

import { useState } from "react";

/**
 * The rows to show while the user works in the list: the rows of `before` in their order, with their newest data. New
 * rows are only counted. A missing row is dropped, unless new rows of a list that `isPaged` may have pushed it to the
 * next page.
 */
export function pinRows<Row>(input: {
  before: readonly Row[];
  now: readonly Row[];
  id: (row: Row) => string;
  isPaged: boolean;
}): {
  rows: Row[];
  newCount: number;
} {
  const { before, now, id, isPaged } = input;
  const newest = new Map(now.map((row) => [id(row), row]));
  const known = new Set(before.map(id));
  const newCount = now.filter((row) => !known.has(id(row))).length;
  const rows = before.flatMap((row) => newest.get(id(row)) ?? (isPaged && newCount > 0 ? [row] : []));
  return { rows, newCount };
}

interface Pinned<Row> {
  listKey: string;
  rows: readonly Row[];
}

interface Shown<Row> {
  rows: readonly Row[] | undefined;
  listKey: string;
  /** The user works in the list: points into it, has the focus in it, or has selected rows. */
  engaged: boolean;
  /** The rows belong to the previous list, so they must not be pinned under the new key. */
  isPlaceholder?: boolean;
}

const staysPinned = (pinned: Pinned<unknown> | null, shown: Shown<unknown>): boolean =>
  shown.engaged && pinned?.listKey === shown.listKey;

/** The rows to pin from now on; `pinned` itself if nothing changes. */
export function nextPinned<Row>(pinned: Pinned<Row> | null, shown: Shown<Row>): Pinned<Row> | null {
  const { rows, listKey } = shown;
  if (!rows || shown.isPlaceholder || staysPinned(pinned, shown)) return pinned;
  return pinned?.rows === rows && pinned.listKey === listKey ? pinned : { listKey, rows };
}

/** Keeps the rows of one `listKey` in place while `engaged`; `show` displays the new rows. */
export function usePinnedRows<Row>({
  id,
  isPaged,
  ...shown
}: Shown<Row> & { id: (row: Row) => string; isPaged: boolean }): {
  rows: readonly Row[] | undefined;
  newCount: number;
  show: () => void;
} {
  const { rows, listKey } = shown;
  const [pinned, setPinned] = useState<Pinned<Row> | null>(null);
  const next = nextPinned(pinned, shown);
  if (next !== pinned) setPinned(next);
  if (!rows || pinned === null || !staysPinned(pinned, shown)) return { rows, newCount: 0, show: () => {} };
  const result = pinRows({ before: pinned.rows, now: rows, id, isPaged });
  return { ...result, show: () => setPinned({ listKey, rows }) };
}
