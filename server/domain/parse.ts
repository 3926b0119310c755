import { z } from "zod";
import { AppError, type FieldFault } from "./errors";
import "./input-messages";
import { wireField } from "./wire";

/** Input as its schema says, or `validation_failed` with one fault a field, in wire spelling. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw validationError(result.error);
}

/** Different sets of fields that callers really use are few; what is above stays with the whole schema. */
const MAX_SHAPES = 64;

/**
 * `parseInput` for a schema of many optional fields of which most inputs give few: an input is checked by the part of
 * the schema that it speaks of. Whatever that part refuses, or an unknown field, is put to the whole schema, which says
 * why.
 */
export function sparseParser<S extends z.ZodObject>(schema: S): (value: unknown) => z.output<S> {
  const parts = new Map<string, z.ZodType<z.output<S>> | null>();
  const partFor = (fields: readonly string[]) => {
    const name = fields.join();
    const known = parts.get(name);
    if (known !== undefined) return known;
    if (parts.size >= MAX_SHAPES) return null;
    const isOfSchema = fields.every((field) => Object.hasOwn(schema.shape, field));
    const part = isOfSchema
      ? (z.strictObject(Object.fromEntries(fields.map((field) => [field, schema.shape[field]]))) as z.ZodType)
      : null;
    parts.set(name, part as z.ZodType<z.output<S>> | null);
    return part as z.ZodType<z.output<S>> | null;
  };
  return (value) => {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    const result = isObject ? partFor(Object.keys(value))?.safeParse(value) : undefined;
    return result?.success ? result.data : parseInput(schema, value);
  };
}

/** zod's issues as faults that name the field as the caller spelled it. */
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
