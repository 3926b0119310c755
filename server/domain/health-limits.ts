/** A figure that reaches its limit is a warning, or makes the system degraded (contract §8). */
export const HEALTH_LIMITS = {
  /** Age of the oldest due occurrence, ms. */
  lateness: { warning: 30_000, critical: 120_000 },
  /** Number of overdue occurrences. */
  backlog: { warning: 10_000, critical: 50_000 },
  /** How far a worker's clock may differ from that of Redis, ms. */
  skewWarning: 1000,
  /** Failed ticks in a row after which a loop counts as failing. A failing loop reaches this number within 2 s. */
  loopFailures: 3,
  /**
   * Age of the oldest change that ClickHouse does not have, ms. Low enough to report a stuck recorder within 10 s.
   */
  outboxAge: { warning: 4000, critical: 8000 },
  /** Number of changes that ClickHouse does not have. */
  outboxWarning: 50_000,
} as const;
