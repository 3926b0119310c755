import type { Schedule } from "../schedule";

/** The fields that determine the times of a schedule's occurrences. */
const TIMES = [
  "cronExpression",
  "executionTime",
  "timezone",
  "startAt",
  "endAt",
  "jitterSeconds",
  "dstGap",
  "dstOverlap",
] as const;
export type Times = Pick<Schedule, (typeof TIMES)[number]>;

/** Whether an edit changes the times of the occurrences. */
export function timesDiffer(a: Times, b: Times): boolean {
  return TIMES.some((key) => a[key] !== b[key]);
}
