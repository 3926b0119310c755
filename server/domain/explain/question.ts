import { resolveLocal } from "../recurrence";
import type { Transition } from "../recurrence/zone-rules";

const MINUTE_MS = 60_000;

/** `fromMs <= t < untilMs`, epoch ms. */
export interface Span {
  fromMs: number;
  untilMs: number;
}

/** A question such as "Why did the schedule not fire at 09:00?", as spans of time. */
export interface Question {
  /** The requested time, or the first instant after a gap. Epoch ms. */
  atMs: number;
  /** Two spans for a local time that occurs twice, none in a gap. */
  spans: Span[];
  /**
   * Set if the requested local time is in a gap: the clock change, and the requested span `fromWallMs <= t <
   * untilWallMs` in local time as if it were UTC, epoch ms.
   */
  gap: { transition: Transition; fromWallMs: number; untilWallMs: number } | null;
}

/** A requested time. `ms` is an instant in epoch ms, or a local time as if it were UTC. */
export interface RequestedTime {
  ms: number;
  isLocal: boolean;
  /** Whether the time was given without seconds, so that the question covers the whole minute. */
  hasMinutePrecision: boolean;
}

/** A time without seconds covers its minute, a whole second covers that second, any other time one instant. */
function lengthOf({ ms, hasMinutePrecision }: RequestedTime): number {
  if (hasMinutePrecision) return MINUTE_MS;
  return ms % 1000 === 0 ? 1000 : 1;
}

/**
 * Converts a requested time to a question.
 * @param timezone the zone of a local time
 * @throws AppError `timezone_unknown`
 */
export function questionOf(requested: RequestedTime, timezone: string): Question {
  const lengthMs = lengthOf(requested);
  const spanAt = (fromMs: number) => ({ fromMs, untilMs: fromMs + lengthMs });
  const { ms } = requested;
  if (!requested.isLocal) return { atMs: ms, spans: [spanAt(ms)], gap: null };
  const { instants, gap } = resolveLocal(timezone, ms);
  if (gap === null) return { atMs: instants[0] ?? ms, spans: instants.map(spanAt), gap: null };
  return { atMs: gap.atMs, spans: [], gap: { transition: gap, fromWallMs: ms, untilWallMs: ms + lengthMs } };
}
