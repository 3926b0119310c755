/**
 * From where on the numbers of the engine are a warning, and from where on the system counts as degraded (contract §8).
 */
export const HEALTH_LIMITS = {
  /** Age of the oldest due occurrence, ms. */
  lateness: { warning: 30_000, critical: 120_000 },
  /** Occurrences that are due and not claimed. */
  backlog: { warning: 10_000, critical: 50_000 },
  /** How far a worker's clock may be off Redis, ms. */
  skewWarning: 1000,
  /** Ticks of a loop that failed in a row: from so many on, it fails in every tick. The third comes within 2 s. */
  loopFailures: 3,
  /**
   * Age of the oldest change that ClickHouse does not have yet, ms. With a heartbeat of 2 s, a recorder that is stuck
   * shows within 10 s.
   */
  outboxAge: { warning: 4000, critical: 8000 },
  /** Changes that ClickHouse does not have yet. */
  outboxWarning: 50_000,
} as const;
