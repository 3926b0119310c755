import type { ErrorCode, FieldFault } from "~/server/domain/errors";

/** The error of a failed call. */
export interface CallError {
  code: ErrorCode;
  message: string;
  faults: readonly FieldFault[];
  details: Readonly<Record<string, unknown>>;
  requestId: string;
}

/** The server's error; null if the call did not reach the server. */
export function callErrorOf(error: unknown): CallError | null {
  if (typeof error !== "object" || error === null || !("data" in error)) return null;
  const { data } = error as { data: { appError?: CallError } | null | undefined };
  return data?.appError ?? null;
}

/** The messages of a failed call by the field they belong to. */
export function fieldErrors(error: unknown): ReadonlyMap<string, string> {
  return new Map(callErrorOf(error)?.faults.map(({ field, message }) => [field, message]));
}

/** Codes of errors that a retry may solve. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  "redis_unavailable",
  "clickhouse_unavailable",
  "bus_unavailable",
  "internal",
]);

/** Whether a failed query should be retried. */
export function isPassing(error: unknown): boolean {
  const known = callErrorOf(error);
  return known === null || PASSING.has(known.code);
}
