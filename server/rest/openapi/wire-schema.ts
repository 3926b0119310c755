import { isOpaque, wireField } from "~/server/domain/wire";

/** Renames the properties of a JSON schema as `toWire` renames those of a value, also where descriptions name them. */
export function wireSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(wireSchema);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, wireKeyword(keyword, value)]));
}

const CAMEL_CASE = /`([a-z]+(?:[A-Z][a-z]*)+)`/g;
const wireName = (_: string, name: string) => `\`${wireField([name])}\``;

function wireKeyword(keyword: string, value: unknown): unknown {
  if (keyword === "required" && Array.isArray(value)) return value.map((name) => wireField([name]));
  if (keyword === "enum" || keyword === "const" || keyword === "default") return value;
  if (keyword === "description") return typeof value === "string" ? value.replaceAll(CAMEL_CASE, wireName) : value;
  if (keyword !== "properties") return wireSchema(value);
  return Object.fromEntries(
    Object.entries(value as Record<string, unknown>).map(([name, inner]) => [
      wireField([name]),
      isOpaque(name) ? inner : wireSchema(inner),
    ]),
  );
}
