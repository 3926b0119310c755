import type { RouterOutputs } from "~/components/trpc/client";
import type { LoopName } from "~/server/domain/loops";

type Worker = RouterOutputs["monitoring"]["engine"]["workers"][number];

const LOOP: LoopName = "promote";

export interface PromotionState {
  /** ISO 8601; null before the first tick, or if no worker is alive. */
  lastTickAt: string | null;
  workerId: string | null;
  lastError: string | null;
}

/** The latest tick of the promotion loop, which every worker runs. All fields are null if no worker is alive. */
export function promotionState(workers: readonly Worker[]): PromotionState {
  const ticks = workers
    .filter((worker) => worker.alive)
    .flatMap((worker) =>
      worker.loops
        .filter((loop) => loop.name === LOOP)
        .map(({ lastTickAt, lastError }) => ({ lastTickAt, lastError, workerId: worker.workerId })),
    );
  const latest = ticks.toSorted((a, b) => (b.lastTickAt ?? "").localeCompare(a.lastTickAt ?? ""))[0];
  return latest ?? { lastTickAt: null, workerId: null, lastError: null };
}
