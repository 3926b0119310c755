import type { Logger } from "pino";
import { AppError } from "~/server/domain/errors";

/** How ioredis says that the server is away or does not answer in time. */
const REDIS_AWAY =
  /^(Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries|connect E|read ECONNRESET|LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|OOM|EXECABORT|MISCONF|NOREPLICAS|BUSY)/;

export function isRedisAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "MaxRetriesPerRequestError" || REDIS_AWAY.test(error.message);
}

/**
 * The error that a caller may see. What is not an `AppError` is logged under the request's id and told as `internal`,
 * without its text.
 */
export function asAppError(error: unknown, more: { log: Logger; requestId: string }): AppError {
  if (error instanceof AppError) return error;
  const { log, requestId } = more;
  if (isRedisAway(error)) {
    log.warn({ err: error, requestId }, "redis did not answer");
    return new AppError("redis_unavailable", "Redis does not answer.", { cause: error });
  }
  log.error({ err: error, requestId }, "request failed");
  return new AppError("internal", "Something went wrong. The log has it under the request's id.", { cause: error });
}
