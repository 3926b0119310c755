import { z } from "zod";
import { AppError } from "./errors";

/** The end of a page: the sort, and the sort value (null sorts last) and the id of the last row. */
const Cursor = z.strictObject({
  s: z.string(),
  v: z.union([z.string(), z.number(), z.null()]),
  id: z.string().max(512),
});

export interface Position {
  value: string | number | null;
  id: string;
}

/** The sort of a cursor: column and direction. */
export const sortToken = (column: string, descending: boolean) => `${column}:${descending ? "desc" : "asc"}`;

/** An opaque cursor, which is valid only for this sort. */
export function encodeCursor(sort: string, position: Position): string {
  return Buffer.from(JSON.stringify({ s: sort, v: position.value, id: position.id })).toString("base64url");
}

/** The position of a cursor. @throws AppError `cursor_invalid` if the cursor is damaged or for another sort or type. */
export function decodeCursor(cursor: string, expected: { sort: string; type: "string" | "number" }): Position {
  const parsed = Cursor.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (!parsed.success || parsed.data.s !== expected.sort) throw invalid();
  const { v, id } = parsed.data;
  if (v !== null && (typeof v !== expected.type || (typeof v === "number" && !Number.isSafeInteger(v))))
    throw invalid();
  return { value: v, id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function invalid(): AppError {
  return new AppError(
    "cursor_invalid",
    "The cursor is damaged or does not belong to this list and order. Start from the first page.",
  );
}
