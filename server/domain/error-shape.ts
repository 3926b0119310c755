const SHAPE_CHARS = 200;
const VARYING = /[0-9a-fA-F-]{8,}|[0-9]+/g;

/** An error without its numbers and ids: the first 200 characters, so that one fault has one shape (contract §8). */
export function errorShape(error: string | null): string {
  // By code point, as in ClickHouse.
  return [...(error ?? "")].slice(0, SHAPE_CHARS).join("").replace(VARYING, "#");
}
