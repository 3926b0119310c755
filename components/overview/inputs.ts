import type { RouterInputs } from "~/components/trpc/client";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_FAILURES = 8;

// The query inputs of the overview. The page on the server and the browser use the same inputs, so that the browser
// finds the prefetched data in its cache.

export const LAST_DAY: RouterInputs["analytics"]["totals"] = { hours: 24 };
/** Maximum number of bars in a chart half as wide as the page. A day then has bars of 30 minutes. */
export const CHART_BUCKETS = 92;

/** The last day as a chart on the clock of the display zone. */
export function lastDayChart(timezone: string): RouterInputs["analytics"]["performance"] {
  return { ...LAST_DAY, timezone, maxBuckets: CHART_BUCKETS };
}

/** Many runs, so that a schedule that fires every second does not hide the other schedules. */
export const UPCOMING: RouterInputs["monitoring"]["upcoming"] = { limit: 200 };
/** Counts all schedules. Expensive, so only queried for pages that have nothing to show. */
export const ANY_SCHEDULE: RouterInputs["schedules"]["count"] = {};

/** Schedules that fire within 24 h or are overdue. Rounded to the minute, so that the input is stable. */
export function dueNextDay(nowMs: number): RouterInputs["schedules"]["count"] {
  const dueBefore = new Date(floor(nowMs, MINUTE_MS) + DAY_MS).toISOString();
  return { status: ["active"], dueBefore };
}

/** The newest failures of the last 24 h. */
export function recentFailures(nowMs: number): RouterInputs["executions"]["list"] {
  const from = new Date(floor(nowMs, MINUTE_MS) - DAY_MS).toISOString();
  return { status: ["dead", "expired"], from, limit: MAX_FAILURES };
}

export const OVERDUE: RouterInputs["schedules"]["count"] = { overdue: true };
export const FAILING: RouterInputs["schedules"]["count"] = { failing: true };

/** Dead letters of the last 7 days that nobody has replayed or discarded. */
export function openDeadLetters(nowMs: number): RouterInputs["executions"]["list"] {
  const from = new Date(floor(nowMs, MINUTE_MS) - 7 * DAY_MS).toISOString();
  return { status: ["dead"], decided: false, from, limit: 1 };
}

const floor = (ms: number, step: number) => Math.floor(ms / step) * step;
