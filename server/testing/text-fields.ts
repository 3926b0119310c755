import type { z } from "zod";

/** The definition of a zod 4 schema: its kind and its parts. */
interface Definition {
  type: string;
  shape?: Record<string, z.ZodType>;
  innerType?: z.ZodType;
  element?: z.ZodType;
  options?: z.ZodType[];
  valueType?: z.ZodType;
  in?: z.ZodType;
}

const PLAIN = new Set(["string", "number", "int", "boolean", "enum", "literal"]);

/**
 * The paths of texts, numbers and flags in a schema. In a path, `0` is an item of a list, and `x` a key of a map.
 * Fields that accept any type, such as a payload, are omitted.
 */
export function plainFields(schema: z.ZodType, path: readonly string[] = []): string[][] {
  const definition = schema._zod.def as unknown as Definition;
  const { type, shape, innerType, element, options, valueType } = definition;
  if (PLAIN.has(type)) return [[...path]];
  if (shape) return Object.entries(shape).flatMap(([name, inner]) => plainFields(inner, [...path, name]));
  if (innerType) return plainFields(innerType, path);
  if (element) return plainFields(element, [...path, "0"]);
  if (options) return unique(options.flatMap((option) => plainFields(option, path)));
  if (valueType) return plainFields(valueType, [...path, "x"]);
  return definition.in ? plainFields(definition.in, path) : [];
}

function unique(paths: string[][]): string[][] {
  const seen = new Map(paths.map((path) => [path.join("."), path]));
  return [...seen.values()];
}

/** An input that has only `value` at a path. */
export function inputWith(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => (name === "0" ? [inner] : { [name]: inner }), value);
}
