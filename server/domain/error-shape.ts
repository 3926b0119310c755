const SHAPE_CHARS = 200;
/** Numbers, and hexadecimal ids of at least 8 characters. */
const VARYING = /[0-9a-fA-F-]{8,}|[0-9]+/g;

/** The first 200 characters of an error without its numbers and ids, so that one fault has one shape (contract §8). */
export function errorShape(error: string | null): string {
  // Cut by code point, because ClickHouse, which computes the same shape, cuts by code point.
  return [...(error ?? "")].slice(0, SHAPE_CHARS).join("").replace(VARYING, "#");
}
