import { inWords } from "./describe-days";
import type { ParsedCron } from "./parse";

/** Maximum number of times of day that are listed. */
const MAX_LISTED_TIMES = 6;
const HOURS = 24;
const MINUTES = 60;

/**
 * Describes the times of day of a cron: "At 09:00", "Every 10 minutes, in hours 09 through 17". If `every` has the days
 * in words, the text of fixed times begins with them, "Every Sunday at 09:00", because "At 09:00" could be a single
 * time. `hasDays` is then true.
 */
export function timesInWords(
  cron: ParsedCron,
  { every }: { every: string | null },
): { text: string; hasDays: boolean } {
  const [second = 0] = cron.seconds;
  const named = cron.seconds.length === 1 ? timesOfDay({ ...cron, second }) : null;
  if (named === null) return { text: intervalInWords(cron), hasDays: false };
  return every === null
    ? { text: `At ${named}`, hasDays: false }
    : { text: `Every ${every} at ${named}`, hasDays: true };
}

function intervalInWords({ seconds, minutes, hours }: ParsedCron): string {
  if (seconds.length === 1) {
    const second = seconds[0] as number;
    const at = second === 0 ? "" : `, at second ${second}`;
    // "Every 8 hours" contains the hours.
    const isImplied = minutes.length === 1 && minutes[0] === 0 && everyStep(hours, HOURS) !== null;
    return `${minutesInWords({ hours, minutes })}${at}${isImplied ? "" : hoursInWords(hours)}`;
  }
  const every = everyStep(seconds, MINUTES);
  const start =
    every === 1 ? "Every second" : every !== null ? `Every ${every} seconds` : `At seconds ${texts(seconds)}`;
  const inMinutes = minutes.length === MINUTES ? "" : ` of minute${minutes.length > 1 ? "s" : ""} ${texts(minutes)}`;
  return `${start}${inMinutes}${hoursInWords(hours)}`;
}

/** Lists the times of day. Null if there are too many, or an interval such as "Every 6 hours" describes them. */
function timesOfDay(input: { hours: readonly number[]; minutes: readonly number[]; second: number }): string | null {
  const { hours, minutes, second } = input;
  if (everyStep(hours, HOURS) === 1 || hours.length * minutes.length > MAX_LISTED_TIMES) return null;
  // "Every 6 hours" is clearer than a list of four times.
  if (second === 0 && minutes.length === 1 && minutes[0] === 0 && everyStep(hours, HOURS) !== null) return null;
  const times = hours.flatMap((hour) =>
    minutes.map((minute) => `${twoDigits(hour)}:${twoDigits(minute)}${second === 0 ? "" : `:${twoDigits(second)}`}`),
  );
  return times.length < 2 ? (times[0] ?? null) : `${times.slice(0, -1).join(", ")} and ${times.at(-1)}`;
}

function minutesInWords({ hours, minutes }: { hours: readonly number[]; minutes: readonly number[] }): string {
  const every = everyStep(minutes, MINUTES);
  if (every === 1) return "Every minute";
  if (every !== null) return `Every ${every} minutes`;
  if (minutes.length > 1) return `At minutes ${texts(minutes)} of each hour`;
  if (minutes[0] !== 0) return `At minute ${minutes[0]} of each hour`;
  const everyHours = everyStep(hours, HOURS);
  return everyHours !== null && everyHours > 1 ? `Every ${everyHours} hours` : "Every hour";
}

/** Describes the hours; "" if every hour matches. */
function hoursInWords(hours: readonly number[]): string {
  if (hours.length === HOURS) return "";
  return `, in hour${hours.length > 1 ? "s" : ""} ${inWords(hours.map(twoDigits), hours)}`;
}

/** The n of the values 0, n, 2n, … over the whole field, if n divides the size of the field; otherwise null. */
function everyStep(values: readonly number[], size: number): number | null {
  if (values.length < 2 || size % values.length !== 0) return null;
  const step = size / values.length;
  return values.every((value, i) => value === i * step) ? step : null;
}

const texts = (values: readonly number[]) => inWords(values.map(String), values);
const twoDigits = (value: number) => String(value).padStart(2, "0");
