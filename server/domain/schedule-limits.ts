/* Limits that the dashboard shows. They are not in `schedule.ts`, because that would load zod in the browser. */

/** Largest payload, in bytes of its JSON text (contract §2). */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** How far in the past a one-time schedule may be at creation (semantics §2.14). */
export const PAST_GRACE_MS = 60_000;

/** Maximum number of values of one kind that the facets of schedules list: those with the most schedules. */
export const MAX_FACETS = 200;
