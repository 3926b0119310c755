/*
 * Limits of the schedule form, which must equal the limits of `ScheduleInput`. Not in `schedule-form-schema.ts`,
 * because the page shows the limits before zod is loaded.
 */

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365 * DAY_SECONDS;

export const MAX_NAME_LENGTH = 200;

/** Limits of the number fields that must not be empty. */
export const INTEGER_LIMITS = {
  jitterSeconds: { min: 0, max: DAY_SECONDS },
  priority: { min: 0, max: 9 },
  maxRetries: { min: 0, max: 10 },
  retryDelaySeconds: { min: 1, max: 3600 },
  maxDelaySeconds: { min: 1, max: YEAR_SECONDS },
  catchUpWindowSeconds: { min: 0, max: YEAR_SECONDS },
  catchUpMaxRuns: { min: 1, max: 10_000 },
} as const satisfies Record<string, { min: number; max: number }>;

/** Limits of "Maximum runs", which may be empty. */
export const MAX_RUNS_LIMITS = { min: 1, max: 1_000_000_000 } as const;
