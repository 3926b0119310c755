import { transitions, zoneOf } from "~/server/domain/recurrence/zone";
import { dayBefore } from "./story";

const DAY = 86_400_000;
/** Between two clock changes of a zone there are less than eight months. */
const LOOK_BACK_DAYS = 240;

/** The schedules with a longer history: at night, when the clocks of their zone change. */
const ACROSS_CLOCK_CHANGE: ReadonlySet<string> = new Set([
  "billing.close-day",
  "billing.close-day-australia",
  "risk.night-review",
]);

/**
 * When the history of a schedule begins: for some, before the last clock change of their zone. The zones change at
 * different times of the year, so that one of them always has a recent change.
 */
export function historyStart(demo: { name: string; zone: string }, input: { fromMs: number; nowMs: number }): number {
  const { fromMs, nowMs } = input;
  if (!ACROSS_CLOCK_CHANGE.has(demo.name)) return fromMs;
  const range = { fromMs: nowMs - LOOK_BACK_DAYS * DAY, untilMs: nowMs };
  const last = [...transitions(zoneOf(demo.zone), range)].at(-1);
  return last === undefined ? fromMs : Math.min(fromMs, dayBefore(last.atMs, 2));
}
