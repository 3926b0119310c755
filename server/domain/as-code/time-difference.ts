import { isRecurring, recurrenceOf, runsLeft } from "../plan";
import { eachMinute, localTime, nextOccurrence } from "../recurrence";
import type { Schedule } from "../schedule";

const WEEK_MS = 7 * 86_400_000;

/** When a schedule fires: the number of runs in the next 7 days, and the next run, epoch ms. */
interface PlannedRuns {
  runs: number;
  nextMs: number | null;
}

/** How a change of a document moves the runs of a schedule. Times are epoch ms, null for none. */
export interface TimeDifference {
  runsBefore: number;
  runsAfter: number;
  nextBefore: number | null;
  nextAfter: number | null;
  /** In words, such as "14 runs fewer in the next 7 days; next run moves from … to …". */
  text: string;
}

/**
 * Compares the runs of two definitions of a schedule after `nowMs`. A new schedule has no definition before, and a
 * removed schedule has none after (null). Counts nominal times, so a clock change matters and jitter does not. An
 * overdue one-time schedule counts as one run.
 * @throws CronError, AppError `timezone_unknown`
 */
export function timeDifference(before: Schedule | null, after: Schedule | null, nowMs: number): TimeDifference {
  const old = plannedRuns(before, nowMs);
  const planned = plannedRuns(after, nowMs);
  const sentences = [
    runsInWords(old.runs, planned.runs),
    nextInWords(
      old.nextMs === null ? null : localTime((before as Schedule).timezone, old.nextMs),
      planned.nextMs === null ? null : localTime((after as Schedule).timezone, planned.nextMs),
      old.nextMs === planned.nextMs,
    ),
  ];
  return {
    runsBefore: old.runs,
    runsAfter: planned.runs,
    nextBefore: old.nextMs,
    nextAfter: planned.nextMs,
    text: sentences.filter((one) => one !== "").join("; "),
  };
}

const NONE: PlannedRuns = { runs: 0, nextMs: null };

function plannedRuns(schedule: Schedule | null, nowMs: number): PlannedRuns {
  if (schedule === null || !schedule.enabled || schedule.state.deleted || schedule.state.completed) return NONE;
  if (!isRecurring(schedule)) {
    const atMs = schedule.executionTime;
    return { runs: atMs !== null && atMs <= nowMs + WEEK_MS ? 1 : 0, nextMs: atMs };
  }
  const left = runsLeft(schedule, 0);
  if (left === 0) return NONE;
  const spec = recurrenceOf(schedule);
  let runs = 0;
  eachMinute(spec, { fromMs: nowMs + 1, untilMs: nowMs + WEEK_MS }, (_, more) => {
    runs += more;
  });
  return { runs: left === null ? runs : Math.min(runs, left), nextMs: nextOccurrence(spec, nowMs)?.nominalMs ?? null };
}

function runsInWords(before: number, after: number): string {
  const change = after - before;
  if (change === 0)
    return before === 0 ? "no run in the next 7 days" : `${counted(before)} in the next 7 days, as before`;
  return `${counted(Math.abs(change))} ${change > 0 ? "more" : "fewer"} in the next 7 days`;
}

const counted = (runs: number) => `${runs} ${runs === 1 ? "run" : "runs"}`;

function nextInWords(before: string | null, after: string | null, isSame: boolean): string {
  if (before === null) return after === null ? "" : `next run ${after}`;
  if (after === null) return `no next run, instead of ${before}`;
  return isSame ? `next run stays ${after}` : `next run moves from ${before} to ${after}`;
}
