import { AppError } from "~/server/domain/errors";

export interface OpenStreams {
  /**
   * Counts a stream as open until the returned function is called.
   * @throws AppError `rate_limited` if the caller or the process has too many streams
   */
  enter(callerId: string): () => void;
}

/** Limits the live streams of this process, per caller and in total. */
export function createOpenStreams(limits: { perCaller: number; total: number }): OpenStreams {
  const byCaller = new Map<string, number>();
  let total = 0;
  return {
    enter(callerId) {
      const ofCaller = byCaller.get(callerId) ?? 0;
      if (total >= limits.total || ofCaller >= limits.perCaller) {
        const message = "Too many live streams are open. Close one, or try again later.";
        throw new AppError("rate_limited", message, { details: { retryAfterSeconds: 60 } });
      }
      total += 1;
      byCaller.set(callerId, ofCaller + 1);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        total -= 1;
        const left = (byCaller.get(callerId) ?? 1) - 1;
        if (left > 0) byCaller.set(callerId, left);
        else byCaller.delete(callerId);
      };
    },
  };
}
