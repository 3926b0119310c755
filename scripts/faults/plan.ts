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
/** The kinds that random plans use, and `workers-away`, which stops all workers and which only a scenario uses. */
export type FaultKind = (typeof FAULT_KINDS)[number] | "workers-away";

/** One fault: its start relative to the start of the run, its duration, and the affected worker. */
export interface PlannedFault {
  kind: FaultKind;
  atMs: number;
  durationMs: number;
  worker: number;
}

/** Range of the duration of each kind. */
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
/** Start of the first fault: until then the load runs without one. */
const FIRST_MS = 8000;
/** Range of the gap between two faults. */
const GAP_SECONDS = [6, 14] as const;
/** The end of a run has no faults, so that it includes the recovery from the last one. */
const QUIET_END_MS = 15_000;

/**
 * The faults of a run: every kind once in random order, then again. The same seed and length give the same plan.
 *
 * @param lengthMs length of the run; a fault that would end later is omitted
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
