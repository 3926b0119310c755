import { effectiveTime } from "../jitter";
import type { Schedule } from "../schedule";
import { fixedMinute, withMinute } from "./slot";

const MINUTE_S = 60;

/** The lengths of blocks over which crons are spread: they divide the hour. */
export const SPREAD_MINUTES = [5, 10, 15, 20, 30, 60] as const;

/**
 * The times that spread a recurring schedule: its jitter, or a cron with another minute of the same block of minutes,
 * such as 09:00 to 09:14. The minute depends on the schedule's id only, so that many schedules are spread evenly, and a
 * repeat changes nothing. Null if nothing would change, as for a one-time schedule or a cron without a fixed minute.
 *
 * @param change null leaves the jitter, or the minute, as it is
 */
export function spreadTimes(
  schedule: Pick<Schedule, "scheduleId" | "cronExpression" | "jitterSeconds">,
  change: { jitterSeconds: number | null; spreadMinutes: number | null },
): Pick<Schedule, "cronExpression" | "jitterSeconds"> | null {
  const { scheduleId, cronExpression: current } = schedule;
  if (current === null) return null;
  const jitterSeconds = change.jitterSeconds ?? schedule.jitterSeconds;
  const cronExpression = change.spreadMinutes === null ? current : movedCron(scheduleId, current, change.spreadMinutes);
  if (jitterSeconds === schedule.jitterSeconds && cronExpression === current) return null;
  return { cronExpression, jitterSeconds };
}

function movedCron(scheduleId: string, cronExpression: string, blockMinutes: number): string {
  const minute = fixedMinute(cronExpression);
  if (minute === null) return cronExpression;
  // Reuses the jitter's hash with a fixed time, so that the minute depends on the schedule's id only.
  const hashInput = { scheduleId, nominalMs: 0, jitterSeconds: blockMinutes * MINUTE_S, nextNominalMs: null };
  const offsetMinutes = Math.floor(effectiveTime(hashInput) / (MINUTE_S * 1000));
  const next = minute - (minute % blockMinutes) + offsetMinutes;
  return next === minute ? cronExpression : (withMinute(cronExpression, next) ?? cronExpression);
}
