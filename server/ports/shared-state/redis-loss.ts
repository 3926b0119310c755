/** Distinguishes a lost Redis from a new one. */
export interface RedisLoss {
  /**
   * Records that a loss was noticed at `nowMs`, unless a time of the last 10 min is stored. Returns the stored time,
   * epoch ms.
   */
  noticeLoss(nowMs: number): Promise<number>;
  /** Marks a new Redis whose ClickHouse had data before, so that Redis does not count as lost. */
  markSeeded(): Promise<void>;
  /** Removes the mark of `markSeeded`. Returns whether it was set. */
  takeSeeded(): Promise<boolean>;
}
