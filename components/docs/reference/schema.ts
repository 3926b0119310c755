import type { JsonSchema } from "./document";

/** A part of the text of a type; `model` is the named type that it links to. */
export interface TypePart {
  text: string;
  model: string | null;
}

export interface ReferenceField {
  name: string;
  required: boolean;
  type: TypePart[];
  /** Such as "1 to 1,000, default 100". */
  constraints: string | null;
  description: string | null;
  /** The fields of an object without a name of its own. */
  fields: ReferenceField[];
}

const plain = (text: string): TypePart => ({ text, model: null });

/** The type in words, such as "list of Schedule or null". */
export function typeOf(schema: JsonSchema): TypePart[] {
  const model = modelName(schema.$ref);
  if (model !== null) return [{ text: model, model }];
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return joined(choices.map(typeOf));
  if (schema.const !== undefined) return [plain(JSON.stringify(schema.const))];
  if (schema.enum) return joined(schema.enum.map((value) => [plain(JSON.stringify(value))]));
  if (Array.isArray(schema.type)) {
    const types = [...schema.type].sort((one, other) => Number(one === "null") - Number(other === "null"));
    return joined(types.map((type) => typeOf({ ...schema, type: type as string })));
  }
  if (schema.type === "array") return [plain("list of "), ...pluralOf(typeOf(schema.items ?? {}))];
  if (schema.type === "object") return objectType(schema);
  if (schema.type === "string" && schema.format) return [plain(`string (${schema.format})`)];
  return [plain((schema.type as string | undefined) ?? "any JSON")];
}

const SIMPLE_TYPES = new Set(["object", "string", "number", "integer", "boolean"]);

/** The type of several values: "objects" for "object". Only simple types change. */
function pluralOf(type: TypePart[]): TypePart[] {
  const [only, ...more] = type;
  return more.length === 0 && only && SIMPLE_TYPES.has(only.text) ? [plain(`${only.text}s`)] : type;
}

function objectType({ properties, additionalProperties }: JsonSchema): TypePart[] {
  const isMap = properties === undefined && typeof additionalProperties === "object";
  return isMap ? [plain("map of "), ...pluralOf(typeOf(additionalProperties))] : [plain("object")];
}

/** Joins types by "or", each of them once. */
function joined(types: readonly TypePart[][]): TypePart[] {
  const seen = new Set<string>();
  const parts: TypePart[] = [];
  for (const type of types) {
    const text = type.map((part) => part.text).join("");
    if (seen.has(text)) continue;
    seen.add(text);
    if (parts.length > 0) parts.push(plain(" or "));
    parts.push(...type);
  }
  return parts;
}

function modelName(reference: string | undefined): string | null {
  return /^#\/components\/schemas\/(\w+)$/.exec(reference ?? "")?.[1] ?? null;
}

/** The fields of an object, of the objects in a list, and of all variants of a union. */
export function fieldsOf(schema: JsonSchema): ReferenceField[] {
  const inner = [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const own = Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    required: schema.required?.includes(name) ?? false,
    type: typeOf(property),
    constraints: constraintsOf(property),
    description: property.description ?? null,
    fields: fieldsOf(property),
  }));
  const names = new Set<string>();
  const all = [...own, ...inner.flatMap((one) => (one ? fieldsOf(one) : []))];
  return all.filter(({ name }) => !names.has(name) && names.add(name));
}

const count = (value: number) => value.toLocaleString("en-US");

/** The limits and the default of a value, in words; null for none. */
export function constraintsOf(schema: JsonSchema): string | null {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const texts = [
    range(minimum, maximum, ""),
    range(minLength, maxLength, "character"),
    range(minItems, maxItems, "item"),
    schema.default === undefined ? null : `default ${JSON.stringify(schema.default)}`,
  ].filter((text) => text !== null);
  return texts.length > 0 ? texts.join(", ") : null;
}

function range(from: number | undefined, to: number | undefined, unit: string): string | null {
  // The generated schemas bound every integer by the safe integers.
  const min = from === undefined || from <= Number.MIN_SAFE_INTEGER ? undefined : from;
  const max = to === undefined || to >= Number.MAX_SAFE_INTEGER ? undefined : to;
  const counted = (text: string, last: number) => (unit === "" ? text : `${text} ${unit}${last === 1 ? "" : "s"}`);
  const isOpenBelow = min === undefined || (min === 0 && unit !== "");
  if (max === undefined) return isOpenBelow ? null : counted(`at least ${count(min)}`, min);
  return counted(isOpenBelow ? `at most ${count(max)}` : `${count(min)} to ${count(max)}`, max);
}

/** The names of the types to which a part of the document refers. */
export function modelsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "$ref" in value && typeof value.$ref === "string" ? modelName(value.$ref) : null;
  return [...(own === null ? [] : [own]), ...Object.values(value).flatMap(modelsIn)];
}
