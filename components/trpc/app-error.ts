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

/** The messages of a failed call, by field. */
export function fieldErrors(error: unknown): ReadonlyMap<string, string> {
  return new Map(callErrorOf(error)?.faults.map(({ field, message }) => [field, message]));
}

/**
 * Whether to retry a failed query immediately: only after an unexpected error, or without an answer of the server.
 * If a store does not respond, the page refetches its data when the store responds again.
 */
export function isRetriable(error: unknown): boolean {
  const known = callErrorOf(error);
  return known === null || known.code === "internal";
}
