/**
 * The one mapper between snake_case on the wire and camelCase in TypeScript. Keys whose values belong to the user
 * (payload, headers) are carried over untouched.
 */
const OPAQUE = new Set(["payload", "headers", "details", "before", "after"]);

const toCamel = (key: string) => key.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
const toSnake = (key: string) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

function map(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => map(item, rename));
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [rename(key), OPAQUE.has(key) ? inner : map(inner, rename)]),
  );
}

/** snake_case input to camelCase; `payload` and `headers` stay as they are. */
export function fromWire(value: unknown): unknown {
  return map(value, toCamel);
}

/** camelCase value to snake_case; `payload` and `headers` stay as they are. */
export function toWire(value: unknown): unknown {
  return map(value, toSnake);
}

/** One camelCase path such as `catchUp.windowSeconds` in wire spelling. */
export function wireField(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === "string" ? toSnake(part) : String(part))).join(".");
}
