import { effectiveTime } from "../jitter";
import type { Schedule } from "../schedule";
import { fixedMinute, withMinute } from "./slot";

const MINUTE_S = 60;

/** The lengths, which divide the hour, of the blocks of minutes over which crons are spread. */
export const SPREAD_MINUTES = [5, 10, 15, 20, 30, 60] as const;

/**
 * The cron and jitter that spread a recurring schedule. The cron gets a minute of its block of minutes, such as 09:00
 * to 09:14. The minute depends only on the schedule's id, so many schedules are spread evenly, and a cron may keep its
 * minute. Null if nothing would change.
 *
 * @param change null keeps the jitter, or the minute
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
  // The jitter at a fixed time depends only on the schedule's id.
  const hashInput = { scheduleId, nominalMs: 0, jitterSeconds: blockMinutes * MINUTE_S, nextNominalMs: null };
  const offsetMinutes = Math.floor(effectiveTime(hashInput) / (MINUTE_S * 1000));
  const next = minute - (minute % blockMinutes) + offsetMinutes;
  return next === minute ? cronExpression : (withMinute(cronExpression, next) ?? cronExpression);
}
