/** Counters that all processes share. */
export interface Counters {
  /** Adds `n` to each counter. */
  add(entries: Iterable<readonly [name: string, n: number]>): Promise<void>;
  /** Zero for a counter without a value. */
  get(name: string): Promise<number>;
  all(): Promise<Readonly<Record<string, number>>>;
}
