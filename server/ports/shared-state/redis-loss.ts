/** Distinguishes a lost Redis from a new one. */
export interface RedisLoss {
  /** When any process first noticed the loss, epoch ms. The first caller notices it at `nowMs`. */
  noticedSince(nowMs: number): Promise<number>;
  /** Marks a new Redis whose ClickHouse had data before, so that Redis does not count as lost. */
  markSeeded(): Promise<void>;
  /** Removes the mark of `markSeeded`. Returns whether it was set. */
  takeSeeded(): Promise<boolean>;
}
