import type { RouterOutputs } from "~/components/trpc/client";
import type { LoopName } from "~/server/domain/loops";

type Worker = RouterOutputs["monitoring"]["engine"]["workers"][number];

const LOOP: LoopName = "promote";

export interface PromotionState {
  /** ISO 8601; null before the first cycle. */
  lastTickAt: string | null;
  workerId: string | null;
  lastError: string | null;
}

/** The newest promotion cycle of all living workers, each of which runs promotion cycles. */
export function promotionState(workers: readonly Worker[]): PromotionState {
  const cycles = workers
    .filter((worker) => worker.alive)
    .flatMap((worker) =>
      worker.loops
        .filter((loop) => loop.name === LOOP)
        .map(({ lastTickAt, lastError }) => ({ lastTickAt, lastError, workerId: worker.workerId })),
    );
  const newest = cycles.toSorted((a, b) => (b.lastTickAt ?? "").localeCompare(a.lastTickAt ?? ""))[0];
  return newest ?? { lastTickAt: null, workerId: null, lastError: null };
}
