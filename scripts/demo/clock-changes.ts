import { transitions, zoneOf } from "~/server/domain/recurrence/zone";
import { dayBefore } from "./story";

const DAY = 86_400_000;
/** Always includes a clock change: two clock changes of a zone are less than eight months apart. */
const LOOK_BACK_DAYS = 240;

/** Schedules at the hour of night in which their zone changes its clocks. Their history includes the last change. */
const ACROSS_CLOCK_CHANGE: ReadonlySet<string> = new Set([
  "billing.close-day",
  "billing.close-day-australia",
  "risk.night-review",
]);

/**
 * The start of a schedule's history, epoch ms: two days before the last clock change of its zone for the schedules
 * above, otherwise `fromMs`. The zones change at different times of the year, so one of them has a recent change.
 */
export function historyStart(demo: { name: string; zone: string }, input: { fromMs: number; nowMs: number }): number {
  const { fromMs, nowMs } = input;
  if (!ACROSS_CLOCK_CHANGE.has(demo.name)) return fromMs;
  const range = { fromMs: nowMs - LOOK_BACK_DAYS * DAY, untilMs: nowMs };
  const last = [...transitions(zoneOf(demo.zone), range)].at(-1);
  return last === undefined ? fromMs : Math.min(fromMs, dayBefore(last.atMs, 2));
}
