/** When a loss of Redis was noticed, and whether an empty Redis is new instead of lost. */
export interface RedisLoss {
  /** When any process first noticed the loss, epoch ms. The first caller notices it at `nowMs`. */
  noticedSince(nowMs: number): Promise<number>;
  /**
   * Records in a new Redis that ClickHouse was seeded before Redis was started, so that Redis does not count as lost.
   */
  markSeeded(): Promise<void>;
  /** Whether `markSeeded` was called since the last `takeSeeded`. */
  takeSeeded(): Promise<boolean>;
}
