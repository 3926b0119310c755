import { eachMinute } from "./minutes";
import type { RecurrenceSpec } from "./spec";

const DAY_MS = 86_400_000;

/** The numbers of occurrences in the 24 hours and in the 7 days after a time. */
export interface RunCounts {
  nextDay: number;
  nextWeek: number;
}

/**
 * Counts the occurrences after `fromMs` (epoch ms) exactly.
 * @throws CronError, AppError `timezone_unknown`
 */
export function runCounts(spec: RecurrenceSpec, fromMs: number): RunCounts {
  const count = (untilMs: number) => {
    let runs = 0;
    eachMinute(spec, { fromMs: fromMs + 1, untilMs }, (_, more) => {
      runs += more;
    });
    return runs;
  };
  return { nextDay: count(fromMs + DAY_MS), nextWeek: count(fromMs + 7 * DAY_MS) };
}
