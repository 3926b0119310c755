import type { RouterInputs } from "~/components/trpc/client";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const FAILURES_SHOWN = 8;

/**
 * The query inputs of the overview. The server page and the browser use the same ones, so that the browser finds the
 * prefetched data in its cache.
 */
export const LAST_DAY: RouterInputs["analytics"]["summary"] = { hours: 24 };
/** Enough that schedules that fire every second do not hide the others. */
export const UPCOMING: RouterInputs["monitoring"]["upcoming"] = { limit: 200 };
/** Whether any schedule exists. Only queried when nothing has run, because it counts all schedules. */
export const ANY_SCHEDULE: RouterInputs["schedules"]["list"] = { limit: 1 };

/** Schedules that fire within 24 h or are overdue. Rounded to the minute, so that the input is stable. */
export function dueNextDay(nowMs: number): RouterInputs["schedules"]["list"] {
  const dueBefore = new Date(floor(nowMs, MINUTE_MS) + DAY_MS).toISOString();
  return { status: ["active"], dueBefore, sort: "next_execution", limit: 1 };
}

/** The newest failures of the last 24 h. */
export function recentFailures(nowMs: number): RouterInputs["executions"]["list"] {
  const from = new Date(floor(nowMs, MINUTE_MS) - DAY_MS).toISOString();
  return { status: ["dead", "expired"], from, limit: FAILURES_SHOWN };
}

const floor = (ms: number, step: number) => Math.floor(ms / step) * step;
