/** A cron expression in UTC for a fixed interval, or why there is none. */
export type Rate = { cron: string } | { fault: string };

const UNIT_MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };
const DAY = 1440;
const WEEK = 7 * DAY;

/** The minutes of `5 minutes` or `1 hour`; null for another text. */
export function minutesOf(text: string): number | null {
  const [, amount, unit = ""] = /^(\d+)\s+(minute|hour|day)s?$/.exec(text.trim()) ?? [];
  return amount === undefined || Number(amount) === 0 ? null : Number(amount) * (UNIT_MINUTES[unit] as number);
}

/**
 * Converts an interval to a cron expression in UTC with the same interval, aligned to a full second.
 *
 * @param startMs a time at which the interval fires, epoch ms; null for any
 */
export function cronOfInterval(minutes: number, startMs: number | null): Rate {
  const start = new Date(startMs ?? 0);
  const cron = cronFrom(start, minutes);
  if (cron !== null && (minutes !== WEEK || startMs !== null)) {
    const second = start.getUTCSeconds();
    return { cron: second === 0 ? cron : `${second} ${cron}` };
  }
  return {
    fault:
      minutes === WEEK
        ? "an interval of a week needs a start date, which gives the day of the week"
        : `no cron expression fires every ${minutes} minutes (expected: minutes that divide an hour, hours that divide a day, a day or a week)`,
  };
}

/** A cron expression of five fields for the interval, aligned to the minute of `start`; null if there is none. */
function cronFrom(start: Date, minutes: number): string | null {
  const minute = start.getUTCMinutes();
  const hour = start.getUTCHours();
  if (minutes < 60 && 60 % minutes === 0) {
    const from = minute % minutes;
    return minutes === 1 ? "* * * * *" : `${from === 0 ? "*" : `${from}-59`}/${minutes} * * * *`;
  }
  if (minutes % 60 === 0 && minutes < DAY && DAY % minutes === 0) {
    const hours = minutes / 60;
    const from = hour % hours;
    return hours === 1 ? `${minute} * * * *` : `${minute} ${from === 0 ? "*" : `${from}-23`}/${hours} * * *`;
  }
  if (minutes === DAY) return `${minute} ${hour} * * *`;
  return minutes === WEEK ? `${minute} ${hour} * * ${start.getUTCDay()}` : null;
}
