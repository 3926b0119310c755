import { AppError } from "~/server/domain/errors";

const MAX_TRIES = 8;

/**
 * Runs a change of a schedule. If another change came first, retries, unless the caller expects a version. Throws
 * `version_stale` if a version was expected, or after eight tries.
 */
export async function retryLostRace<T>(expectedVersion: number | undefined, change: () => Promise<T>): Promise<T> {
  for (let left = MAX_TRIES; ; ) {
    try {
      return await change();
    } catch (error) {
      left -= 1;
      const isStale = error instanceof AppError && error.code === "version_stale";
      if (!isStale || expectedVersion !== undefined || left === 0) throw error;
    }
  }
}
