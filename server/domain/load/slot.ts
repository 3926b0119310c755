import { nextOccurrence, occurrences, type RecurrenceSpec } from "../recurrence";
import { parseCron } from "../recurrence/parse";

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** A minute of the hour, and the most firings expected in any compared minute if the cron fired at this minute. */
export interface Slot {
  minute: number;
  firings: number;
}

/** A time, and the firings expected in its minute. */
export interface TimeSlot {
  atMs: number;
  firings: number;
}

/** The minute of the hour in which a cron fires; null unless the minute is one number. */
export function fixedMinute(cronExpression: string): number | null {
  const { raw, minutes } = parseCron(cronExpression);
  return /^\d{1,2}$/.test(raw[1]) ? (minutes[0] as number) : null;
}

/** The cron with another minute; null unless its minute is one number. */
export function withMinute(cronExpression: string, minute: number): string | null {
  if (fixedMinute(cronExpression) === null) return null;
  const [second, , ...rest] = parseCron(cronExpression).raw;
  const fields = [String(minute), ...rest].join(" ");
  return second === "0" ? fields : `${second} ${fields}`;
}

/**
 * The minutes whose load a suggestion compares, epoch ms: those of the next occurrence and of occurrences in the 24
 * hours after it, at most `limit`.
 */
export function comparedTimes(spec: RecurrenceSpec, { nowMs, limit }: { nowMs: number; limit: number }): number[] {
  const first = nextOccurrence(spec, nowMs);
  if (first === null) return [];
  const untilMs = first.nominalMs + 24 * HOUR_MINUTES * MINUTE_MS - 1;
  const found = occurrences(spec, { afterMs: nowMs, untilMs, limit });
  return found.map(({ nominalMs }) => Math.floor(nominalMs / MINUTE_MS) * MINUTE_MS);
}

/**
 * The least loaded minute near the wanted minute, within the same hour. Of equally loaded minutes, returns the nearest,
 * then the later.
 *
 * @param maxMinutes the largest distance between the wanted and the suggested minute
 * @param times the minutes in which the cron fires, epoch ms
 * @param firingsAt the expected firings of a minute
 */
export function quietestSlot(input: {
  wanted: number;
  maxMinutes: number;
  times: readonly number[];
  firingsAt: (minuteMs: number) => number;
}): { wanted: Slot; best: Slot } {
  const { wanted, maxMinutes, times, firingsAt } = input;
  const slotAt = (minute: number): Slot => ({
    minute,
    firings: Math.max(0, ...times.map((ms) => firingsAt(ms + (minute - wanted) * MINUTE_MS))),
  });
  const wantedSlot = slotAt(wanted);
  let best = wantedSlot;
  for (let distance = 1; distance <= maxMinutes; distance++) {
    for (const minute of [wanted + distance, wanted - distance]) {
      if (minute < 0 || minute >= HOUR_MINUTES) continue;
      const slot = slotAt(minute);
      if (slot.firings < best.firings) best = slot;
    }
  }
  return { wanted: wantedSlot, best };
}

/**
 * The wanted time, or a time after `nowMs` that is whole minutes away and in a less loaded minute. Returns the least
 * loaded; of equally loaded minutes, the nearest, then the later.
 *
 * @param maxMinutes the largest distance between the wanted and the suggested time
 * @param firingsAt the expected firings of a minute
 */
export function quietestTime(input: {
  wantedMs: number;
  maxMinutes: number;
  nowMs: number;
  firingsAt: (minuteMs: number) => number;
}): { wanted: TimeSlot; best: TimeSlot } {
  const { wantedMs, maxMinutes, nowMs, firingsAt } = input;
  const slotAt = (atMs: number): TimeSlot => ({ atMs, firings: firingsAt(Math.floor(atMs / MINUTE_MS) * MINUTE_MS) });
  const wanted = slotAt(wantedMs);
  let best = wanted;
  for (let distance = 1; distance <= maxMinutes; distance++) {
    for (const atMs of [wantedMs + distance * MINUTE_MS, wantedMs - distance * MINUTE_MS]) {
      const slot = slotAt(atMs);
      if (atMs > nowMs && slot.firings < best.firings) best = slot;
    }
  }
  return { wanted, best };
}
