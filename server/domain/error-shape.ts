const SHAPE_CHARS = 200;
/** Numbers, and hexadecimal ids of at least 8 characters. */
const VARYING = /[0-9a-fA-F-]{8,}|[0-9]+/g;

/** An error without its numbers and ids: the first 200 characters, so that one fault has one shape (contract §8). */
export function errorShape(error: string | null): string {
  // Cut by code point, because ClickHouse computes the same shape and cuts so.
  return [...(error ?? "")].slice(0, SHAPE_CHARS).join("").replace(VARYING, "#");
}
