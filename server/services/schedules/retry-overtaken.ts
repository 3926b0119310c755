import { AppError } from "~/server/domain/errors";

const TRIES = 8;

/**
 * Runs a change that reads a schedule and writes it. Without an expected version the caller set no precondition, so a
 * change that another one overtook between the two is made again. Throws `version_stale` where a version was expected,
 * or after eight tries.
 */
export async function retryOvertaken<T>(expectedVersion: number | undefined, change: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; ) {
    try {
      return await change();
    } catch (error) {
      left -= 1;
      const isOvertaken = error instanceof AppError && error.code === "version_stale";
      if (!isOvertaken || expectedVersion !== undefined || left === 0) throw error;
    }
  }
}
