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

interface Held<Row> {
  listKey: string;
  rows: readonly Row[];
}

interface Shown<Row> {
  rows: readonly Row[] | undefined;
  listKey: string;
  engaged: boolean;
  /** The rows still belong to the list before, so they must not be held under the new key. */
  isPlaceholder?: boolean;
}

const isHolding = (held: Held<unknown> | null, shown: Shown<unknown>): boolean =>
  shown.engaged && held?.listKey === shown.listKey;

/** The rows to hold from now on; `held` itself if nothing changes. */
export function nextHeld<Row>(held: Held<Row> | null, shown: Shown<Row>): Held<Row> | null {
  const { rows, listKey } = shown;
  if (!rows || shown.isPlaceholder || isHolding(held, shown)) return held;
  return held?.rows === rows && held.listKey === listKey ? held : { listKey, rows };
}

/** Holds the rows of one `listKey` in place while `engaged`; `show` displays the new rows. */
export function useHeldRows<Row>({ id, ...shown }: Shown<Row> & { id: (row: Row) => string }): {
  rows: readonly Row[] | undefined;
  fresh: number;
  show: () => void;
} {
  const { rows, listKey } = shown;
  const [held, setHeld] = useState<Held<Row> | null>(null);
  const next = nextHeld(held, shown);
  if (next !== held) setHeld(next);
  if (!rows || held === null || !isHolding(held, shown)) return { rows, fresh: 0, show: () => {} };
  const result = holdRows({ before: held.rows, now: rows, id });
  return { ...result, show: () => setHeld({ listKey, rows }) };
}
