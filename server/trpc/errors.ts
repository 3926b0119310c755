import { TRPCError } from "@trpc/server";
import type { Logger } from "pino";
import { z } from "zod";
import { AppError, type ErrorCode, type FieldFault } from "~/server/domain/errors";
import { validationError } from "~/server/domain/parse";
import { asAppError } from "~/server/services/as-app-error";

/** The tRPC code of each error code. */
const TRPC_CODES = {
  validation_failed: "UNPROCESSABLE_CONTENT",
  body_invalid: "BAD_REQUEST",
  payload_too_large: "PAYLOAD_TOO_LARGE",
  head_too_large: "PAYLOAD_TOO_LARGE",
  cron_invalid: "UNPROCESSABLE_CONTENT",
  cron_never_fires: "UNPROCESSABLE_CONTENT",
  cron_too_frequent: "UNPROCESSABLE_CONTENT",
  timezone_unknown: "UNPROCESSABLE_CONTENT",
  execution_time_past: "UNPROCESSABLE_CONTENT",
  delay_too_long: "UNPROCESSABLE_CONTENT",
  cursor_invalid: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  method_not_allowed: "METHOD_NOT_SUPPORTED",
  name_taken: "CONFLICT",
  conflict: "CONFLICT",
  idempotency_key_reused: "UNPROCESSABLE_CONTENT",
  idempotency_in_progress: "CONFLICT",
  version_stale: "PRECONDITION_FAILED",
  rate_limited: "TOO_MANY_REQUESTS",
  redis_unavailable: "SERVICE_UNAVAILABLE",
  clickhouse_unavailable: "SERVICE_UNAVAILABLE",
  bus_unavailable: "SERVICE_UNAVAILABLE",
  query_timeout: "SERVICE_UNAVAILABLE",
  may_have_been_kept: "SERVICE_UNAVAILABLE",
  internal: "INTERNAL_SERVER_ERROR",
} as const satisfies Record<ErrorCode, TRPCError["code"]>;

/** An error as the browser receives it, in `error.data.appError`. */
export interface AppErrorData {
  code: ErrorCode;
  message: string;
  faults: readonly FieldFault[];
  details: Readonly<Record<string, unknown>>;
  requestId: string;
}

/**
 * Converts to an `AppError`. An error of a procedure is the cause of the `TRPCError`. An error of tRPC itself, such as
 * for bad JSON, is recognized by its tRPC code.
 */
function unwrap(error: TRPCError, more: { log: Logger; requestId: string }): AppError {
  const { cause } = error;
  if (cause instanceof AppError) return cause;
  if (cause instanceof z.ZodError) return validationError(cause);
  if (error.code === "NOT_FOUND") return new AppError("not_found", error.message);
  if (error.code === "METHOD_NOT_SUPPORTED") return new AppError("method_not_allowed", error.message);
  if (error.code === "PARSE_ERROR" || error.code === "BAD_REQUEST") return new AppError("body_invalid", error.message);
  if (error.code === "UNSUPPORTED_MEDIA_TYPE") {
    return new AppError("body_invalid", "Content-Type must be application/json.");
  }
  return asAppError(cause ?? error, more);
}

/** Returns a `TRPCError` with the `AppError` of an error as its cause, and with the tRPC code of the `AppError`. */
export function toTrpcError(error: TRPCError, more: { log: Logger; requestId: string }): TRPCError {
  const known = unwrap(error, more);
  return new TRPCError({ code: TRPC_CODES[known.code], message: known.message, cause: known });
}

export function appErrorData(error: TRPCError, more: { log: Logger; requestId: string }): AppErrorData {
  const { code, message, faults, details } = unwrap(error, more);
  return { code, message, faults, details, requestId: more.requestId };
}
