import type { Deps } from "./ctx";

/** The counters of `/metrics` without labels. */
export const COUNTERS = [
  "published",
  "failed",
  "retried",
  "dead",
  "expired",
  "promoted",
  "recorded",
  "rescued",
  "held",
  "refused",
  "restored",
  "healed",
  "unexplained",
] as const;
export type Counter = (typeof COUNTERS)[number];

/** Upper bounds of the histogram buckets, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;
/** The bounds of all buckets. The last bucket has no upper bound. */
export const BOUNDS = [...BUCKETS, "+Inf"] as const;
export const HISTOGRAMS = {
  lateness: "Time from an event's effective time to the bus's acknowledgement.",
  publish: "Time to publish a batch to the bus.",
  promotion: "Time of a cycle that moves long-term schedules to Redis.",
} as const;
type Histogram = keyof typeof HISTOGRAMS;

/** Converts observed seconds to increments of the buckets and of the sum. The sum is in µs: counters are integers. */
function histogramIncrements(values: Partial<Record<Histogram, readonly number[]>>): [string, number][] {
  const increments = new Map<string, number>();
  for (const [name, seconds] of Object.entries(values)) {
    const counts = new Array<number>(BOUNDS.length).fill(0);
    let sum = 0;
    for (const value of seconds) {
      const found = BUCKETS.findIndex((bound) => value <= bound);
      const index = found < 0 ? BUCKETS.length : found;
      counts[index] = (counts[index] as number) + 1;
      sum += value;
    }
    for (const [index, n] of counts.entries()) if (n > 0) increments.set(`${name}:${BOUNDS[index]}`, n);
    if (seconds.length > 0) increments.set(`${name}:sum`, Math.round(sum * 1e6));
  }
  return [...increments];
}

/** Adds to the shared counters and histograms in one call, without zeros. Histogram values are in seconds. */
export async function count(
  deps: Pick<Deps, "counters">,
  add: Partial<Record<Counter, number>>,
  seconds: Partial<Record<Histogram, readonly number[]>> = {},
): Promise<void> {
  const entries = [...Object.entries(add), ...histogramIncrements(seconds)].filter(([, n]) => n > 0);
  if (entries.length > 0) await deps.counters.add(entries);
}

export async function readCounter(deps: Pick<Deps, "counters">, name: Counter): Promise<number> {
  return deps.counters.get(name);
}

/** The name of the counter of items that a step quarantined. */
export const quarantinedBy = (step: string) => `quarantined:${step}`;

export async function countQuarantined(
  deps: Pick<Deps, "counters">,
  steps: ReadonlyMap<string, number>,
): Promise<void> {
  if (steps.size > 0) await deps.counters.add([...steps].map(([step, n]) => [quarantinedBy(step), n] as const));
}
