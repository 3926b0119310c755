"use client";

import { useState } from "react";

/** The row with the id of the URL. `kept` is the row that was open last: it stays open after it has left the list. */
export function openRow<Row>(input: {
  id: string | null;
  rows: readonly Row[] | undefined;
  kept: Row | null;
  rowId: (row: Row) => string;
}): Row | null {
  const { id, rows, kept, rowId } = input;
  if (id === null) return null;
  return rows?.find((row) => rowId(row) === id) ?? (kept !== null && rowId(kept) === id ? kept : null);
}

/** The row whose id is in the URL, with its newest data; null while it is unknown. */
export function useOpenRow<Row>(input: {
  id: string | null;
  rows: readonly Row[] | undefined;
  rowId: (row: Row) => string;
}): Row | null {
  const [kept, setKept] = useState<Row | null>(null);
  const row = openRow({ ...input, kept });
  if (row !== null && row !== kept) setKept(row);
  return row;
}
