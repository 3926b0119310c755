/**
 * The one mapper between snake_case on the wire and camelCase in TypeScript. Keys whose values belong to the user
 * (payload, headers) are carried over untouched.
 */
const OPAQUE = new Set(["payload", "headers", "details", "before", "after"]);

/** `entity_type` as `entityType`, which is taken as well. */
export const fromWireKey = (key: string) => key.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
const toSnake = (key: string) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/**
 * No field of ours lies as deep; what does is left as it is, to be refused by its schema rather than by the end of the
 * stack.
 */
const DEEPEST = 32;

function map(value: unknown, rename: (key: string) => string, depth = 0): unknown {
  if (value === null || typeof value !== "object" || value instanceof Date || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((item) => map(item, rename, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [rename(key), OPAQUE.has(key) ? inner : map(inner, rename, depth + 1)]),
  );
}

/** snake_case input to camelCase; `payload` and `headers` stay as they are. */
export function fromWire(value: unknown): unknown {
  return map(value, fromWireKey);
}

/** camelCase value to snake_case; `payload` and `headers` stay as they are. */
export function toWire(value: unknown): unknown {
  return map(value, toSnake);
}

/**
 * One camelCase path such as `catchUp.windowSeconds` in wire spelling; what lies inside of the user's own keys is
 * spelled as they did.
 */
export function wireField(path: readonly PropertyKey[]): string {
  const own = path.findIndex((part) => OPAQUE.has(String(part)));
  const isOurs = (index: number) => own === -1 || index <= own;
  return path.map((part, i) => (typeof part === "string" && isOurs(i) ? toSnake(part) : String(part))).join(".");
}
