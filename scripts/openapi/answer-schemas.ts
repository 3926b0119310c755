import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as TJS from "typescript-json-schema";
import { wireSchema } from "../../server/rest/openapi/wire-schema";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCE = "server/rest/openapi/answers.ts";

type Schema = { [keyword: string]: unknown };

/**
 * The JSON schemas of the types that `answers.ts` exports and of the named types in them, by name. Fields are named as
 * in the REST API.
 */
export function answerSchemas(): Record<string, Schema> {
  const program = TJS.getProgramFromFiles([`${ROOT}${SOURCE}`], COMPILER_OPTIONS, ROOT);
  const generator = TJS.buildGenerator(program, GENERATOR_OPTIONS, [`${ROOT}${SOURCE}`]);
  if (generator === null) throw new Error(`${SOURCE} has type errors`);
  const source = readFileSync(`${ROOT}${SOURCE}`, "utf8");
  const names = Array.from(source.matchAll(/^export (?:type|interface) (\w+)/gm), ([, name]) => name as string);
  const { definitions = {} } = generator.getSchemaForSymbols(names) as { definitions?: Record<string, Schema> };
  const named = Object.entries(definitions).filter(([name]) => isName(name));
  return Object.fromEntries(
    named
      .map(([name, schema]) => [name, wireSchema(withoutAnonymous(schema, definitions)) as Schema] as const)
      .sort(([one], [other]) => one.localeCompare(other)),
  );
}

const COMPILER_OPTIONS = {
  target: "ES2022",
  module: "ESNext",
  moduleResolution: "Bundler",
  strict: true,
  skipLibCheck: true,
  resolveJsonModule: true,
  baseUrl: ROOT,
  paths: { "~/*": ["./*"] },
  types: ["node"],
};
const GENERATOR_OPTIONS: TJS.PartialArgs = {
  required: true,
  noExtraProps: true,
  strictNullChecks: true,
  ignoreErrors: true,
  ref: true,
};

const isName = (name: string) => /^\w+$/.test(name);
const REFERENCE = "#/definitions/";

/** Replaces a reference to a type without a name by its definition. Makes other references point into the document. */
function withoutAnonymous(schema: unknown, definitions: Record<string, Schema>): unknown {
  if (Array.isArray(schema)) return schema.map((one) => withoutAnonymous(one, definitions));
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref, ...rest } = schema as Schema;
  if (typeof $ref === "string" && $ref.startsWith(REFERENCE)) {
    const name = decodeURIComponent($ref.slice(REFERENCE.length));
    if (isName(name)) return { ...rest, $ref: `#/components/schemas/${name}` };
    return { ...(withoutAnonymous(definitions[name], definitions) as Schema), ...rest };
  }
  // For an object that may have any keys, the generator writes an object without keys.
  if (rest.type === "object" && !rest.properties && rest.additionalProperties === false)
    delete rest.additionalProperties;
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withoutAnonymous(value, definitions)]));
}
