/** An active schedule is overdue if the latest effective time of its next occurrence is longer ago than this. */
export const OVERDUE_AFTER_MS = 60_000;

/** Limits of the health check (contract §8). `critical` makes the system degraded. */
export const HEALTH_LIMITS = {
  /** Age of the oldest due occurrence, ms. */
  lateness: { warning: 30_000, critical: 120_000 },
  /** Number of overdue occurrences. */
  backlog: { warning: 10_000, critical: 50_000 },
  /** Difference between a clock, such as a worker's, and the clock of Redis, ms. */
  skewWarning: 1000,
  /** Failed ticks in a row after which a loop counts as failing. A loop with short ticks reaches them within 2 s. */
  loopFailures: 3,
  /** Age of the oldest unrecorded change, ms. Low enough to report a stuck recorder within 10 s. */
  outboxAge: { warning: 4000, critical: 8000 },
  /** Number of unrecorded changes. */
  outboxWarning: 50_000,
} as const;
