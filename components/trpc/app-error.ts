import type { ErrorCode, FieldFault } from "~/server/domain/errors";

/** What the server says of an error, whatever call it came from. */
export interface CallError {
  code: ErrorCode;
  message: string;
  faults: readonly FieldFault[];
  details: Readonly<Record<string, unknown>>;
  requestId: string;
}

/** The server's own words for a failed call; null when it was not the server that failed (no network). */
export function callErrorOf(error: unknown): CallError | null {
  if (typeof error !== "object" || error === null || !("data" in error)) return null;
  const { data } = error as { data: { appError?: CallError } | null | undefined };
  return data?.appError ?? null;
}

/** The messages of a failed call by the field they belong to. */
export function fieldErrors(error: unknown): ReadonlyMap<string, string> {
  return new Map(callErrorOf(error)?.faults.map(({ field, message }) => [field, message]));
}

/** Codes that a second try may mend. The rest are the caller's fault, or need somebody to act. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  "redis_unavailable",
  "clickhouse_unavailable",
  "bus_unavailable",
  "internal",
]);

/** Whether a failed query is worth another try. */
export function isPassing(error: unknown): boolean {
  const known = callErrorOf(error);
  return known === null || PASSING.has(known.code);
}
