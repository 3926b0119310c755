/** The last pause of all firing, ended or not. Times are epoch ms. */
export interface PauseAll {
  pausedAtMs: number;
  pausedBy: string;
  reason: string;
  /** The planned end; null for none. */
  untilMs: number | null;
  /** When a person resumed firing or the planned end passed; null until then. */
  endedAtMs: number | null;
  /** Who resumed firing, or `system` if the planned end passed; null until then. */
  endedBy: string | null;
}

/** Whether all firing is paused. The planned end takes effect even if no process has stored it yet. */
export function isAllPaused(pause: PauseAll | null, nowMs: number): pause is PauseAll {
  return pause !== null && pause.endedAtMs === null && (pause.untilMs === null || pause.untilMs > nowMs);
}

/** When the last pause ended; null if it has not ended, or there was none. */
export function allResumedAt(pause: PauseAll | null, nowMs: number): number | null {
  if (pause === null) return null;
  const endMs = Math.min(pause.endedAtMs ?? Number.POSITIVE_INFINITY, pause.untilMs ?? Number.POSITIVE_INFINITY);
  return endMs <= nowMs ? endMs : null;
}

/**
 * How long the oldest due event has waited for a worker, ms, counted from its due time or from the end of the last
 * pause of all firing, whichever is later. 0 while all firing is paused.
 */
export function dueAgeOutsidePause(oldestDueAgeMs: number, pause: PauseAll | null, nowMs: number): number {
  if (isAllPaused(pause, nowMs)) return 0;
  const resumedAtMs = allResumedAt(pause, nowMs);
  return resumedAtMs === null ? oldestDueAgeMs : Math.min(oldestDueAgeMs, nowMs - resumedAtMs);
}

/** The state of the pause of all firing, for callers. Times are ISO 8601 UTC; null without a pause. */
export interface PauseAllView {
  paused: boolean;
  pausedAt: string | null;
  pausedBy: string | null;
  reason: string | null;
  until: string | null;
}

export function pauseAllView(pause: PauseAll | null, nowMs: number): PauseAllView {
  if (!isAllPaused(pause, nowMs)) return { paused: false, pausedAt: null, pausedBy: null, reason: null, until: null };
  const { pausedAtMs, pausedBy, reason, untilMs } = pause;
  const until = untilMs === null ? null : new Date(untilMs).toISOString();
  return { paused: true, pausedAt: new Date(pausedAtMs).toISOString(), pausedBy, reason, until };
}
