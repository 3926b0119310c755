import { createRandom } from "./random";

export const FAULT_KINDS = [
  "worker-kill",
  "worker-stop",
  "worker-shutdown",
  "redis-restart",
  "redis-failover",
  "redis-wipe",
  "redis-full",
  "clickhouse-away",
  "bus-away",
  "clock-step",
] as const;
/** Random plans do not use `workers-away`, only a scenario does. */
export type FaultKind = (typeof FAULT_KINDS)[number] | "workers-away";

export interface PlannedFault {
  kind: FaultKind;
  /** Relative to the start of the run. */
  atMs: number;
  durationMs: number;
  worker: number;
}

const DURATION_SECONDS: Record<FaultKind, readonly [low: number, high: number]> = {
  "worker-kill": [1, 5],
  "worker-stop": [18, 25],
  "worker-shutdown": [1, 3],
  "redis-restart": [1, 5],
  "redis-failover": [3, 8],
  "redis-wipe": [0, 0],
  "redis-full": [3, 8],
  "clickhouse-away": [10, 30],
  "bus-away": [10, 30],
  "clock-step": [10, 20],
  "workers-away": [60, 60],
};
/** Start of the first fault. */
const FIRST_MS = 8000;
/** Range of the time between two faults. */
const GAP_SECONDS = [6, 14] as const;
/** Time without faults at the end of a run, for the recovery from the last fault. */
const QUIET_END_MS = 15_000;

/**
 * The faults of a run of length `lengthMs`: all kinds in random order, and then again. The same input gives the same
 * plan.
 */
export function planFaults(input: {
  seed: number;
  lengthMs: number;
  workers: number;
  kinds?: readonly FaultKind[];
}): PlannedFault[] {
  const random = createRandom(input.seed);
  const faults: PlannedFault[] = [];
  let atMs = FIRST_MS;
  for (;;) {
    for (const kind of shuffled(input.kinds ?? FAULT_KINDS, random)) {
      const [low, high] = DURATION_SECONDS[kind];
      const durationMs = random.between(low * 1000, high * 1000);
      const worker = random.between(0, input.workers - 1);
      if (atMs + durationMs > input.lengthMs - QUIET_END_MS) return faults;
      faults.push({ kind, atMs, durationMs, worker });
      atMs += durationMs + random.between(GAP_SECONDS[0] * 1000, GAP_SECONDS[1] * 1000);
    }
  }
}

function shuffled<T>(items: readonly T[], random: ReturnType<typeof createRandom>): T[] {
  const shuffledItems = [...items];
  for (let i = shuffledItems.length - 1; i > 0; i -= 1) {
    const j = random.between(0, i);
    [shuffledItems[i], shuffledItems[j]] = [shuffledItems[j] as T, shuffledItems[i] as T];
  }
  return shuffledItems;
}
