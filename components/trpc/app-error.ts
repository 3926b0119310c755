import type { ErrorCode, FieldFault } from "~/server/domain/errors";

export interface CallError {
  code: ErrorCode;
  message: string;
  faults: readonly FieldFault[];
  details: Readonly<Record<string, unknown>>;
  requestId: string;
}

/** The server's error; null for any other error, such as a lost connection. */
export function callErrorOf(error: unknown): CallError | null {
  if (typeof error !== "object" || error === null || !("data" in error)) return null;
  const { data } = error as { data: { appError?: CallError } | null | undefined };
  return data?.appError ?? null;
}

/** A fault as a sentence: what is wrong, and what was expected. */
export function faultSentence({ message, expected }: Pick<FieldFault, "message" | "expected">): string {
  const sentence = expected ? `${message}; expected ${expected}` : message;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** The field of the input that contains a nested field: `rights` for `rights.0`. */
const outerField = (field: string) => field.split(/[.[]/, 1)[0] ?? field;

/** The first message for each field of the input of a failed call. A message about a part of a field counts for it. */
export function fieldErrors(error: unknown): ReadonlyMap<string, string> {
  const faults = callErrorOf(error)?.faults ?? [];
  return new Map(faults.map((fault) => [outerField(fault.field), faultSentence(fault)] as const).toReversed());
}

/** The faults of a failed call that a form does not show at `fields`, its fields by wire name. */
export function otherFaults(error: unknown, fields: readonly string[]): readonly FieldFault[] {
  return callErrorOf(error)?.faults.filter(({ field }) => !fields.includes(outerField(field))) ?? [];
}

/**
 * Whether to retry a failed query immediately: only after an unexpected error, or without an answer of the server.
 * If a store does not respond, the page refetches its data when the store responds again.
 */
export function isRetriable(error: unknown): boolean {
  const known = callErrorOf(error);
  return known === null || known.code === "internal";
}
