/** Counters that all processes add to, so that each of them tells the same sums and a restart loses none. */
export interface Counters {
  /** Adds to several counters in one call. */
  add(entries: Iterable<readonly [name: string, n: number]>): Promise<void>;
  /** Zero where nothing was counted yet. */
  get(name: string): Promise<number>;
  /** Every counter that was added to. */
  all(): Promise<Readonly<Record<string, number>>>;
}
