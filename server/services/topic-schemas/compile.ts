import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { fieldError } from "~/server/domain/errors";
import { payloadPath } from "~/server/domain/payload-path";
import { MAX_SCHEMA_BYTES, type PayloadFault } from "~/server/domain/topic-schema";
import { TimeLimitExceeded, withinTime } from "./within-time";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";
const EXPECTED = "a JSON Schema of draft 2020-12";
const COMPILE_MS = 5000;
/** Limited, because a pattern may need exponential time, and `uniqueItems` quadratic time. */
const CHECK_MS = 500;
const MAX_FAULTS = 10;
/** Maximum length of the allowed values in the message of a fault, in characters. */
const MAX_VALUES_LENGTH = 200;

/** Returns where a payload differs from a schema, at most 10 faults. */
export type PayloadCheck = (payload: unknown) => PayloadFault[];

let shared: Ajv2020 | null = null;

/** Refuses unknown keywords, which are often misspelt. Ignores `format`, which draft 2020-12 does not enforce. */
function compiler(): Ajv2020 {
  shared ??= new Ajv2020({
    strict: false,
    strictSchema: true,
    allErrors: true,
    validateFormats: false,
    addUsedSchema: false,
    logger: false,
  });
  return shared;
}

/**
 * Compiles the JSON text of a schema. Throws `validation_failed` if the text is not a JSON Schema of draft 2020-12, is
 * larger than 64 KiB, refers to another document, has `$id` or `$async`, or takes too long to compile.
 */
export function compileSchema(text: string): PayloadCheck {
  const schema = readSchema(text);
  const schemaError = (message: string) =>
    fieldError("validation_failed", { field: "schema", message, expected: EXPECTED });
  let validate: ValidateFunction;
  try {
    validate = withinTime(COMPILE_MS, () => compiler().compile(schema));
  } catch (error) {
    // The time limit may have interrupted the compiler, so it is not used again.
    shared = null;
    if (error instanceof TimeLimitExceeded) throw schemaError("takes too long to compile");
    throw schemaError((error as Error).message);
  }
  // Ajv caches each schema that it compiles, without a limit.
  compiler().removeSchema(schema);
  return (payload) => {
    try {
      const isValid = withinTime(CHECK_MS, () => validate(payload));
      return isValid ? [] : (validate.errors ?? []).slice(0, MAX_FAULTS).map(faultOf);
    } catch (error) {
      if (!(error instanceof TimeLimitExceeded)) throw error;
      return [
        {
          path: "payload",
          message: `takes more than ${CHECK_MS} ms to check; the schema has a slow pattern or uniqueItems`,
        },
      ];
    } finally {
      validate.errors = null;
    }
  };
}

function readSchema(text: string): object {
  const refuse = (message: string, expected = EXPECTED): never => {
    throw fieldError("validation_failed", { field: "schema", message, expected });
  };
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_SCHEMA_BYTES) refuse(`has ${bytes} bytes`, `at most ${MAX_SCHEMA_BYTES} bytes`);
  let schema: unknown;
  try {
    schema = JSON.parse(text, (key, value: unknown) => {
      if ((key === "$ref" || key === "$dynamicRef") && typeof value === "string" && !value.startsWith("#")) {
        refuse(
          `has the ${key} ${JSON.stringify(value.slice(0, 100))}, which is outside it`,
          "references that begin with #",
        );
      }
      if (key === "$id" || key === "$async") refuse(`has the keyword ${key}, which is not supported`);
      return value;
    });
  } catch (error) {
    if (error instanceof SyntaxError) refuse(`is not JSON: ${error.message}`);
    throw error;
  }
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return refuse("is not a JSON object");
  if ("$schema" in schema && schema.$schema !== DRAFT && schema.$schema !== `${DRAFT}#`) {
    refuse(`has the $schema ${JSON.stringify(schema.$schema).slice(0, 100)}`, `"${DRAFT}", or none`);
  }
  return schema;
}

function faultOf({ keyword, instancePath, params, message }: ErrorObject): PayloadFault {
  const pathOfProperty = (name: unknown) =>
    payloadPath(`${instancePath}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`);
  switch (keyword) {
    case "required":
      return { path: pathOfProperty(params.missingProperty), message: "is missing" };
    case "additionalProperties":
      return { path: pathOfProperty(params.additionalProperty), message: "is not in the schema" };
    case "unevaluatedProperties":
      return { path: pathOfProperty(params.unevaluatedProperty), message: "is not in the schema" };
    case "enum":
      return { path: payloadPath(instancePath), message: `must be one of ${listed(params.allowedValues)}` };
    case "const":
      return { path: payloadPath(instancePath), message: `must be ${listed([params.allowedValue])}` };
    default:
      return {
        path: payloadPath(instancePath),
        message: (message ?? `fails "${keyword}"`).replace("must NOT", "must not"),
      };
  }
}

function listed(values: readonly unknown[]): string {
  const text = values.map((value) => JSON.stringify(value)).join(", ");
  return text.length > MAX_VALUES_LENGTH ? `${text.slice(0, MAX_VALUES_LENGTH)}…` : text;
}
