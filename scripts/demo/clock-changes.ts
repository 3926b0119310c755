import { transitions, zoneOf } from "~/server/domain/recurrence/zone";
import { dayBefore } from "./story";

const DAY = 86_400_000;
/** Longer than the longest time between two clock changes in the zones below: 238 days, in New York. */
const LOOK_BACK_DAYS = 240;

/** Schedules that fire in the hour in which their zone changes its clocks: Berlin, Sydney and New York. */
const ACROSS_CLOCK_CHANGE: ReadonlySet<string> = new Set([
  "billing.close-day",
  "billing.close-day-australia",
  "risk.night-review",
]);

/**
 * Returns the start of a schedule's history, epoch ms. This is `fromMs` or, for the schedules above, two days before
 * the last clock change of their zone if that is earlier.
 */
export function historyStart(demo: { name: string; zone: string }, input: { fromMs: number; nowMs: number }): number {
  const { fromMs, nowMs } = input;
  if (!ACROSS_CLOCK_CHANGE.has(demo.name)) return fromMs;
  const range = { fromMs: nowMs - LOOK_BACK_DAYS * DAY, untilMs: nowMs };
  const last = [...transitions(zoneOf(demo.zone), range)].at(-1);
  return last === undefined ? fromMs : Math.min(fromMs, dayBefore(last.atMs, 2));
}
