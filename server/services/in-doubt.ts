import { AppError } from "~/server/domain/errors";
import { isRawRedisOutage } from "./as-app-error";

/** The error of a write that was not confirmed completely. `what` begins the message, for example "The schedule". */
export function mayHaveBeenKept(what: string, cause?: unknown): AppError {
  return new AppError(
    "may_have_been_kept",
    `${what} may have been saved: a store did not confirm it in time. Repeat the request with the same Idempotency-Key, or check before you send it again.`,
    { cause },
  );
}

/** Whether a write that threw this error may have taken effect. */
export function leavesOutcomeOpen(error: unknown): boolean {
  return error instanceof AppError && error.code === "may_have_been_kept";
}

/**
 * Awaits a change in Redis. Throws `may_have_been_kept` if Redis did not answer, because it may still apply the change.
 * Rethrows an error reply, such as out of memory.
 */
export async function inDoubt<T>(what: string, change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "redis_unavailable") throw error;
    const { cause } = error;
    if (cause instanceof Error && cause.name === "ReplyError") throw error;
    throw mayHaveBeenKept(what, error);
  }
}

/**
 * Awaits a step after a stored change, such as its audit entry. Throws `may_have_been_kept` if a store fails, because
 * the change itself was kept.
 */
export async function awaitFollowUp<T>(what: string, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (isRawRedisOutage(error) || (error instanceof AppError && error.status === 503))
      throw mayHaveBeenKept(what, error);
    throw error;
  }
}
