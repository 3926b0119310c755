/* Maps between snake_case on the wire and camelCase in TypeScript. */

/** Keys whose values are data, such as the caller's payload. The keys inside of these values are not changed. */
const OPAQUE = new Set(["payload", "headers", "details", "before", "after"]);

/** Whether the mapper leaves the value of this key unchanged. */
export const isOpaque = (key: string) => OPAQUE.has(key);

/** `entity_type` to `entityType`; camelCase keys stay. */
export const fromWireKey = (key: string) => key.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
const toSnake = (key: string) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/**
 * Deeper than any known field. Deeper values stay unchanged and fail in their schema instead of overflowing the
 * stack.
 */
const MAX_DEPTH = 32;

function map(value: unknown, rename: (key: string) => string, depth = 0): unknown {
  if (value === null || typeof value !== "object" || value instanceof Date || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => map(item, rename, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [rename(key), OPAQUE.has(key) ? inner : map(inner, rename, depth + 1)]),
  );
}

/** Converts snake_case input to camelCase; the values of `OPAQUE` keys are unchanged. */
export function fromWire(value: unknown): unknown {
  return map(value, fromWireKey);
}

/** Converts a camelCase value to snake_case; the values of `OPAQUE` keys are unchanged. */
export function toWire(value: unknown): unknown {
  return map(value, toSnake);
}

/** The wire spelling of a path such as `catchUp.windowSeconds`; parts inside the caller's own data are unchanged. */
export function wireField(path: readonly PropertyKey[]): string {
  const opaqueAt = path.findIndex((part) => OPAQUE.has(String(part)));
  const isConverted = (index: number) => opaqueAt === -1 || index <= opaqueAt;
  return path.map((part, i) => (typeof part === "string" && isConverted(i) ? toSnake(part) : String(part))).join(".");
}
