/** Counters of all processes together; a restart of a process loses none. */
export interface Counters {
  /** Adds to several counters in one call. */
  add(entries: Iterable<readonly [name: string, n: number]>): Promise<void>;
  /** Zero if nothing was counted yet. */
  get(name: string): Promise<number>;
  /** Every counter with a value. */
  all(): Promise<Readonly<Record<string, number>>>;
}
