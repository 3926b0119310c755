import { z } from "zod";
import { AppError } from "~/server/domain/errors";

/** Where a page ended: the sort's name, the last row's sort value (null sorts last) and its id. */
const Cursor = z.strictObject({
  s: z.string(),
  v: z.union([z.string(), z.number(), z.null()]),
  id: z.string().max(512),
});

/** Matches are counted up to here; beyond it a list says "more than". */
export const MAX_COUNTED = 10_000;

export interface Position {
  value: string | number | null;
  id: string;
}

/** An opaque cursor that is only good for the same sort. */
export function encodeCursor(sort: string, position: Position): string {
  return Buffer.from(JSON.stringify({ s: sort, v: position.value, id: position.id })).toString("base64url");
}

/**
 * The position of a cursor. Throws `cursor_invalid` if it is damaged, of another sort, or holds another type of value.
 */
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
  return new AppError("cursor_invalid", "The cursor is not one of this list in this order. Start from the first page.");
}
