/** The subject of a mark: an item of the quarantine, or the first account. */
export type Mark = { kind: "quarantineNoted" | "quarantineDeciding"; id: string } | { kind: "firstAccount" };

/**
 * Expiring marks. The caller that sets a mark does the task, and other callers skip it. For a task that must not be
 * left out, set the mark after the task.
 */
export interface Marks {
  /** True if this call set the mark; false if it was set already. */
  set(mark: Mark, ttlMs: number): Promise<boolean>;
  isSet(mark: Mark): Promise<boolean>;
  clear(mark: Mark): Promise<void>;
}
