/** From where on the numbers of the engine are a warning, and from where on the system counts as degraded (contract §8). */
export const HEALTH_LIMITS = {
  /** Age of the oldest due occurrence, ms. */
  lateness: { warning: 30_000, critical: 120_000 },
  /** Occurrences that are due and not claimed. */
  backlog: { warning: 10_000, critical: 50_000 },
  /** How far a worker's clock may be off Redis, ms. */
  skewWarning: 1000,
  /** Changes that ClickHouse does not have yet. */
  outboxWarning: 50_000,
} as const;
