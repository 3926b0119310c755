import type { AppError, ErrorCode } from "~/server/domain/errors";
import type { Problem } from "~/server/domain/views";
import { toWire } from "~/server/domain/wire";

export const TITLES = {
  validation_failed: "The input is not valid",
  body_invalid: "The request cannot be read",
  payload_too_large: "The body or payload is too large",
  head_too_large: "The address and the headers are too large",
  cron_invalid: "The cron expression is not valid",
  cron_never_fires: "The cron expression never fires",
  cron_too_frequent: "The cron expression fires too often",
  timezone_unknown: "Unknown time zone",
  execution_time_past: "The execution time is in the past",
  delay_too_long: "The delay is too long",
  cursor_invalid: "The cursor is not valid",
  unauthenticated: "Not signed in",
  forbidden: "Not allowed",
  not_found: "Not found",
  method_not_allowed: "Method not allowed",
  name_taken: "The name is taken",
  conflict: "Conflict with the current state",
  idempotency_key_reused: "The Idempotency-Key was used for another request",
  idempotency_in_progress: "A request with this Idempotency-Key is in progress",
  version_stale: "Changed in the meantime",
  rate_limited: "Too many requests",
  redis_unavailable: "Redis is not available",
  clickhouse_unavailable: "ClickHouse is not available",
  bus_unavailable: "The bus is not available",
  query_timeout: "The query took too long",
  may_have_been_kept: "The change may have been saved",
  internal: "Internal error",
} as const satisfies Record<ErrorCode, string>;

/** `Retry-After` of every problem with status 503. */
const UNAVAILABLE_RETRY_SECONDS = 5;
/** `Retry-After` of a rate limit without a known end. */
const RATE_RETRY_SECONDS = 60;
/** `Retry-After` while another request with the same idempotency key runs. */
const IN_PROGRESS_RETRY_SECONDS = 1;

/** Encodes an error as problem details (RFC 9457). Its details, such as `current_version`, are extension members. */
export function problemOf(input: { error: AppError; instance: string; requestId: string }): Problem {
  const { error, instance, requestId } = input;
  return {
    ...(toWire(error.details) as Record<string, unknown>),
    type: `urn:stufio:problem:${error.code}`,
    title: TITLES[error.code],
    status: error.status,
    code: error.code,
    detail: error.message,
    instance,
    request_id: requestId,
    ...(error.faults.length > 0 ? { errors: error.faults } : {}),
  };
}

function headersOf(error: AppError): Record<string, string> {
  if (error.code === "unauthenticated") return { "www-authenticate": "Bearer" };
  if (error.code === "rate_limited")
    return { "retry-after": String(error.details.retryAfterSeconds ?? RATE_RETRY_SECONDS) };
  if (error.code === "idempotency_in_progress") return { "retry-after": String(IN_PROGRESS_RETRY_SECONDS) };
  if (error.status === 503) return { "retry-after": String(UNAVAILABLE_RETRY_SECONDS) };
  return {};
}

export function problemResponse(input: {
  error: AppError;
  instance: string;
  requestId: string;
  headers?: Record<string, string>;
}): Response {
  return new Response(JSON.stringify(problemOf(input)), {
    status: input.error.status,
    headers: {
      ...headersOf(input.error),
      ...input.headers,
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-request-id": input.requestId,
    },
  });
}
