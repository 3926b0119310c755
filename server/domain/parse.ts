import type { z } from "zod";
import { AppError, type FieldFault } from "./errors";
import { wireField } from "./wire";

/** Input as its schema says, or `validation_failed` with one fault a field, in wire spelling. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw validationError(result.error);
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
