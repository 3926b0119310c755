import type { Logger } from "pino";
import { AppError } from "~/server/domain/errors";

/** Errors of a Redis that is unreachable, times out, or cannot serve the command now (loading, full, read-only). */
const REDIS_UNAVAILABLE =
  /^(Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries|connect E|read ECONNRESET|LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|OOM|EXECABORT|MISCONF|NOREPLICAS|BUSY)/;

/** Whether the Redis client threw this error because Redis cannot serve the command. */
export function isRawRedisOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "MaxRetriesPerRequestError" || REDIS_UNAVAILABLE.test(error.message);
}

/**
 * Returns an `AppError` unchanged. Logs any other error under the request's id, and converts it to `redis_unavailable`
 * or to `internal`, without the text of the error.
 */
export function asAppError(error: unknown, more: { log: Logger; requestId: string }): AppError {
  if (error instanceof AppError) return error;
  const { log, requestId } = more;
  if (isRawRedisOutage(error)) {
    log.warn({ err: error, requestId }, "redis unavailable");
    return new AppError("redis_unavailable", "Redis cannot serve the request now. Try again.", { cause: error });
  }
  log.error({ err: error, requestId }, "request failed");
  return new AppError(
    "internal",
    "The request failed because of an internal error. The log has the details under the request's id.",
    { cause: error },
  );
}
