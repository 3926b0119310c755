import { z } from "zod";
import { AppError, type FieldFault } from "./errors";
// Sets the messages of all zod errors.
import "./input-messages";
import { wireField } from "./wire";

/** Parses input by its schema. @throws AppError `validation_failed` with the faults of fields, in wire spelling. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw validationError(result.error);
}

/** Maximum number of cached parts of a schema. Callers use few different sets of fields. */
const MAX_PARTS = 64;

/**
 * A faster `parseInput` for a schema with many optional fields. Validates an input with the fields of the schema that
 * the input has. If that fails, the whole schema reports the fault.
 */
export function sparseParser<S extends z.ZodObject>(schema: S): (value: unknown) => z.output<S> {
  // Parts of the schema by field names; null if the schema lacks one of the fields.
  const parts = new Map<string, z.ZodType<z.output<S>> | null>();
  const partFor = (fields: readonly string[]) => {
    const names = fields.join();
    const known = parts.get(names);
    if (known !== undefined) return known;
    if (parts.size >= MAX_PARTS) return null;
    const isOfSchema = fields.every((field) => Object.hasOwn(schema.shape, field));
    const part = isOfSchema
      ? (z.strictObject(Object.fromEntries(fields.map((field) => [field, schema.shape[field]]))) as z.ZodType)
      : null;
    parts.set(names, part as z.ZodType<z.output<S>> | null);
    return part as z.ZodType<z.output<S>> | null;
  };
  return (value) => {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    const result = isObject ? partFor(Object.keys(value))?.safeParse(value) : undefined;
    return result?.success ? result.data : parseInput(schema, value);
  };
}

/** Converts zod's issues to faults, with fields in the caller's spelling. */
export function validationError(error: z.ZodError): AppError {
  const faults = error.issues.flatMap(faultsOf);
  const first = faults[0];
  return new AppError("validation_failed", first ? `${first.field}: ${first.message}` : "The input is not valid.", {
    faults,
  });
}

function faultsOf(issue: z.core.$ZodIssue): FieldFault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      field: wireField([...issue.path, key]),
      message: "is not a known field",
      expected: "one of the documented fields",
    }));
  }
  const field = wireField(issue.path) || "(body)";
  return [{ field, message: issue.message }];
}
