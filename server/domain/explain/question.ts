import { resolveLocal } from "../recurrence";
import type { Transition } from "../recurrence/zone-rules";

const MINUTE_MS = 60_000;

/** From, included, to until, not included. Epoch ms. */
export interface Span {
  fromMs: number;
  untilMs: number;
}

/** What is asked: the spans of time, and the hole in the clock that a local time lies in. */
export interface Question {
  /** The time asked for; in a gap the first instant after it. Epoch ms. */
  atMs: number;
  /** Two for a local time that occurs twice, none in a gap. */
  spans: Span[];
  gap: { gap: Transition; fromWallMs: number; untilWallMs: number } | null;
}

/** A time as it was asked for. `ms` is an instant in epoch ms, or a local time as if it were UTC. */
export interface AskedTime {
  ms: number;
  isLocal: boolean;
  /** Given without seconds: all of that minute is meant. */
  isToMinute: boolean;
}

/** A time to the second means that second, a finer one itself. */
function lengthOf({ ms, isToMinute }: AskedTime): number {
  if (isToMinute) return MINUTE_MS;
  return ms % 1000 === 0 ? 1000 : 1;
}

/**
 * @param timezone of a local time
 * @throws AppError `timezone_unknown`
 */
export function questionOf(asked: AskedTime, timezone: string): Question {
  const lengthMs = lengthOf(asked);
  const spanAt = (fromMs: number) => ({ fromMs, untilMs: fromMs + lengthMs });
  const { ms } = asked;
  if (!asked.isLocal) return { atMs: ms, spans: [spanAt(ms)], gap: null };
  const { instants, gap } = resolveLocal(timezone, ms);
  if (gap === null) return { atMs: instants[0] ?? ms, spans: instants.map(spanAt), gap: null };
  return { atMs: gap.atMs, spans: [], gap: { gap, fromWallMs: ms, untilWallMs: ms + lengthMs } };
}
