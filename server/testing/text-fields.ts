import type { z } from "zod";

/** A schema as zod 4 keeps it: its kind, and what it is made of. */
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
 * The paths in a schema at which a text, a number or a flag stands, each once. Item 0 stands for the items of a list,
 * `x` for the keys of a map. What takes anything (a payload, a batch's items) is left out.
 */
export function plainFields(schema: z.ZodType, path: readonly string[] = []): string[][] {
  const definition = schema._zod.def as unknown as Definition;
  const { type, shape, innerType, element, options, valueType } = definition;
  if (PLAIN.has(type)) return [[...path]];
  if (shape) return Object.entries(shape).flatMap(([name, inner]) => plainFields(inner, [...path, name]));
  if (innerType) return plainFields(innerType, path);
  if (element) return plainFields(element, [...path, "0"]);
  if (options) return once(options.flatMap((option) => plainFields(option, path)));
  if (valueType) return plainFields(valueType, [...path, "x"]);
  return definition.in ? plainFields(definition.in, path) : [];
}

function once(paths: string[][]): string[][] {
  const seen = new Map(paths.map((path) => [path.join("."), path]));
  return [...seen.values()];
}

/** `value` at a path of an otherwise empty input. */
export function inputWith(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => (name === "0" ? [inner] : { [name]: inner }), value);
}
