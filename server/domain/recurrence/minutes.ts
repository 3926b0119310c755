import { matchesDay } from "./candidates";
import { NEIGHBOURHOOD_MS } from "./dst";
import { occurrences } from "./next";
import type { ParsedCron } from "./parse";
import { openRecurrence, type Recurrence, type RecurrenceSpec } from "./spec";
import { offsetAt, transitions } from "./zone";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Called with a minute's start, the number of its occurrences, and their first and last nominal time. */
export type MinuteVisitor = (minuteMs: number, count: number, firstMs: number, lastMs: number) => void;

interface Span {
  fromMs: number;
  /** Inclusive. */
  untilMs: number;
}

/**
 * Calls `visit` for each minute with occurrences in `fromMs <= nominal <= untilMs`, in order. Counts whole minutes, so
 * a cron that fires every second takes as long as a cron that fires every minute. Around a clock change, searches one
 * occurrence at a time.
 * @throws CronError, AppError `timezone_unknown`
 */
export function eachMinute(spec: RecurrenceSpec, span: Span, visit: MinuteVisitor): void {
  const recurrence = openRecurrence(spec);
  const untilMs = Math.min(span.untilMs, recurrence.endAt);
  let fromMs = Math.max(span.fromMs, recurrence.startAt);
  const searched = { fromMs: fromMs - NEIGHBOURHOOD_MS, untilMs: untilMs + NEIGHBOURHOOD_MS };
  for (const { atMs, oldOffsetMs, newOffsetMs } of transitions(recurrence.zone, searched)) {
    const reachMs = Math.abs(newOffsetMs - oldOffsetMs) + HOUR_MS;
    const startMs = wholeMinute(atMs - reachMs);
    const endMs = wholeMinute(atMs + reachMs) + MINUTE_MS - 1;
    if (endMs < fromMs) continue;
    if (startMs > untilMs) break;
    if (startMs > fromMs) visitSteadyMinutes(recurrence, spec, { fromMs, untilMs: startMs - 1 }, visit);
    fromMs = Math.max(fromMs, startMs);
    visitOneByOne(spec, { fromMs, untilMs: Math.min(endMs, untilMs) }, visit);
    fromMs = endMs + 1;
  }
  if (fromMs <= untilMs) visitSteadyMinutes(recurrence, spec, { fromMs, untilMs }, visit);
}

const wholeMinute = (ms: number) => Math.floor(ms / MINUTE_MS) * MINUTE_MS;

/** Visits the minutes of a span without clock changes, in which every match of the wall clock is an occurrence. */
function visitSteadyMinutes({ cron, zone }: Recurrence, spec: RecurrenceSpec, span: Span, visit: MinuteVisitor): void {
  const offset = offsetAt(zone, span.fromMs);
  // With an offset that is not in whole minutes (Monrovia until 1972), a wall-clock minute overlaps two real minutes.
  if (offset % MINUTE_MS !== 0) {
    visitOneByOne(spec, span, visit);
    return;
  }
  const [fromMs, untilMs] = [span.fromMs + offset, span.untilMs + offset];
  const [first, last] = [(cron.seconds[0] as number) * 1000, (cron.seconds.at(-1) as number) * 1000];
  for (let day = Math.floor(fromMs / DAY_MS); day * DAY_MS <= untilMs; day++) {
    if (!matchesDay(cron, day)) continue;
    for (const hour of cron.hours) {
      const hourMs = day * DAY_MS + hour * HOUR_MS;
      if (hourMs + HOUR_MS <= fromMs || hourMs > untilMs) continue;
      for (const minute of cron.minutes) {
        const wallMs = hourMs + minute * MINUTE_MS;
        const isWhole = wallMs >= fromMs && wallMs + last <= untilMs;
        if (isWhole) visit(wallMs - offset, cron.seconds.length, wallMs - offset + first, wallMs - offset + last);
        else visitPartOfMinute(cron, { wallMs, fromMs, untilMs, offset }, visit);
      }
    }
  }
}

function visitPartOfMinute(
  cron: ParsedCron,
  { wallMs, fromMs, untilMs, offset }: { wallMs: number; fromMs: number; untilMs: number; offset: number },
  visit: MinuteVisitor,
): void {
  const times = cron.seconds.map((second) => wallMs + second * 1000).filter((ms) => ms >= fromMs && ms <= untilMs);
  const [first, last] = [times[0], times.at(-1)];
  if (first !== undefined && last !== undefined) {
    visit(wallMs - offset, times.length, first - offset, last - offset);
  }
}

function visitOneByOne(spec: RecurrenceSpec, { fromMs, untilMs }: Span, visit: MinuteVisitor): void {
  const found = occurrences(spec, { afterMs: fromMs - 1, untilMs, limit: Number.POSITIVE_INFINITY });
  for (let index = 0; index < found.length; ) {
    const firstMs = (found[index] as { nominalMs: number }).nominalMs;
    const minuteMs = wholeMinute(firstMs);
    let [count, lastMs] = [0, firstMs];
    for (; index < found.length; index++, count++) {
      const { nominalMs } = found[index] as { nominalMs: number };
      if (nominalMs >= minuteMs + MINUTE_MS) break;
      lastMs = nominalMs;
    }
    visit(minuteMs, count, firstMs, lastMs);
  }
}
