import { lowestBit } from "./bits";
import { daysInWords } from "./describe-days";
import { timesInWords } from "./describe-times";
import { FIELDS } from "./fields";
import { type ParsedCron, parseCron } from "./parse";

export interface CronDescription {
  text: string;
  warnings: string[];
}

/**
 * Describes a cron, and warns of surprises. The text is about the matching values: `7/2` in day of week is "on Sunday".
 * @throws CronError
 */
export function describeCron(expression: string, timezone: string): CronDescription {
  const cron = parseCron(expression);
  const days = daysInWords(cron);
  const times = timesInWords(cron, { every: days.every });
  const text = [times.text, times.hasDays ? "" : days.on, days.inMonths].filter((part) => part !== "");
  return { text: `${text.join(", ")} (${timezone})`, warnings: warningsOf(cron) };
}

function warningsOf(cron: ParsedCron): string[] {
  const warnings: string[] = [];
  if (cron.seconds.length > 1) {
    warnings.push(`Fires more than once a minute: ${cron.seconds.length} times in each minute that matches.`);
  }
  const { days } = cron;
  if (days.domRestricted && days.dowRestricted) {
    warnings.push(
      "Day of month and day of week are both set: the schedule fires when either of them matches, not only when both do.",
    );
  }
  const short = shortMonths(cron);
  if (short !== null) warnings.push(short);
  for (const [index, size] of [
    [0, 60],
    [1, 60],
    [2, 24],
  ] as const) {
    const warning = stepWarning(cron.raw[index], size);
    if (warning !== null) warnings.push(`"${cron.raw[index]}" in ${FIELDS[index].name} ${warning}.`);
  }
  if (cron.hours.includes(0) && cron.hours.length === 1 && cron.minutes.length === 1 && cron.minutes[0] === 0) {
    warnings.push("Many schedules fire at 00:00. Another minute, or jitter, spreads the load.");
  }
  return warnings;
}

/** A warning if the cron skips months that are too short for its days of month. */
function shortMonths({ days, months }: ParsedCron): string | null {
  if (!days.domRestricted || days.dowRestricted || days.domLast) return null;
  const first = lowestBit(days.dom);
  const has = (month: number) => (months & (1 << month)) !== 0;
  const without = [2, ...(first === 31 ? [4, 6, 9, 11] : [])].filter(has);
  if (first < 29 || without.length === 0) return null;
  if (first === 29) return "February has a day 29 in leap years only; other years skip it.";
  return `Months without a day ${first} are skipped; L means the last day of each month.`;
}

/** A warning if a step does not divide its field, because the count starts again at 0. */
function stepWarning(raw: string, size: number): string | null {
  const step = Number(/^\*\/(\d+)$/.exec(raw)?.[1] ?? 1);
  if (step >= size) return "means 0 only: a step cannot reach beyond its field";
  return size % step === 0 ? null : `starts again at 0: ${size} is not a multiple of ${step}, so the gaps differ`;
}
