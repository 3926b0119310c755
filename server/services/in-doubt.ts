import { AppError } from "~/server/domain/errors";
import { isRedisAway } from "./as-app-error";

/** Whether a write was kept is not known, or it was kept without being confirmed. `what` names it: "The schedule". */
export function mayHaveBeenKept(what: string, cause?: unknown): AppError {
  return new AppError(
    "may_have_been_kept",
    `${what} may have been kept: a store did not confirm it in time. Send the request again with the same Idempotency-Key, or look before sending it anew.`,
    { cause },
  );
}

/** Whether an error leaves open what was kept. */
export function kept(error: unknown): boolean {
  return error instanceof AppError && error.code === "may_have_been_kept";
}

/**
 * Waits for a change in Redis. Where Redis did not answer, it may still carry the change out: throws
 * `may_have_been_kept`. A reply that refuses the change, such as one of a full Redis, is thrown as it is.
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
 * Waits for what follows a change that is stored, such as its audit entry. Where a store fails that, the change was
 * kept all the same: throws `may_have_been_kept`.
 */
export async function afterChange<T>(what: string, rest: Promise<T>): Promise<T> {
  try {
    return await rest;
  } catch (error) {
    if (isRedisAway(error) || (error instanceof AppError && error.status === 503)) throw mayHaveBeenKept(what, error);
    throw error;
  }
}
