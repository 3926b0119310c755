import { AppError } from "~/server/domain/errors";

export interface OpenStreams {
  /**
   * Takes a place, until the function that it answers is called.
   * @throws AppError `rate_limited` where there is no room for one more of this caller
   */
  enter(callerId: string): () => void;
}

/** Counts the live streams of this process, by caller and in total. */
export function createOpenStreams(most: { perCaller: number; total: number }): OpenStreams {
  const byCaller = new Map<string, number>();
  let total = 0;
  return {
    enter(callerId) {
      const own = byCaller.get(callerId) ?? 0;
      if (total >= most.total || own >= most.perCaller) {
        const message = "Too many live streams are open. Close one, or try again later.";
        throw new AppError("rate_limited", message, { details: { retryAfterSeconds: 60 } });
      }
      total += 1;
      byCaller.set(callerId, own + 1);
      let isInside = true;
      return () => {
        if (!isInside) return;
        isInside = false;
        total -= 1;
        const left = (byCaller.get(callerId) ?? 1) - 1;
        if (left > 0) byCaller.set(callerId, left);
        else byCaller.delete(callerId);
      };
    },
  };
}
