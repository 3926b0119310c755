import type { ErrorClass } from "./choices";

/** Failures in a row that open a breaker (semantics §6.7). */
export const FAILURES_TO_OPEN = 5;
/** The next trial is due at most this long after the opening, or after a failed trial (semantics §6.7). */
export const OPEN_MS = 60_000;
/** A trial without a result for this long is abandoned, and another trial may begin. */
export const TRIAL_MS = 30_000;

/** The protected service: a topic of the bus, or a store. */
export type BreakerName = `topic:${string}` | `store:${"clickhouse"}`;

/** The state of a breaker. A closed breaker without failures is not stored. Times are epoch ms. */
export interface Breaker {
  state: "closed" | "open" | "half_open";
  /** Failures in a row, including failed trials. */
  failures: number;
  openedAtMs: number | null;
  /** When a trial may begin; during a trial, when it is abandoned. */
  nextTrialAtMs: number | null;
  /** The id of the worker that makes the trial; null if there is none. */
  trial: string | null;
  /** The last failure. */
  error: string | null;
}

export const CLOSED: Breaker = {
  state: "closed",
  failures: 0,
  openedAtMs: null,
  nextTrialAtMs: null,
  trial: null,
  error: null,
};

/** Whether a failure counts against the topic or store. A failure of the payload or of its decryption does not. */
export function isServiceFailure(errorClass: ErrorClass): boolean {
  return errorClass !== "bad_payload" && errorClass !== "decryption";
}

/** Results of the calls of one batch or insert. `failed` counts only failures of the service. */
export interface Tally {
  ok: number;
  failed: number;
  error: string | null;
}

/**
 * The breaker after calls that are not trials. One success in a batch proves that the service works, because the calls
 * of a batch are unordered. These calls do not change an open or half-open breaker.
 */
export function afterCalls(breaker: Breaker, tally: Tally, nowMs: number): Breaker {
  if (breaker.state !== "closed") return breaker;
  if (tally.ok > 0) return CLOSED;
  if (tally.failed === 0) return breaker;
  const failures = breaker.failures + tally.failed;
  const failed: Breaker = { ...CLOSED, failures, error: tally.error };
  return failures < FAILURES_TO_OPEN ? failed : opened(failed, { openedAtMs: nowMs, nowMs });
}

/** The breaker with a trial by the worker `by`; null if the breaker is closed or no trial is due yet. */
export function beginTrial(breaker: Breaker, by: string, nowMs: number): Breaker | null {
  if (!trialIsDue(breaker, nowMs)) return null;
  return { ...breaker, state: "half_open", trial: by, nextTrialAtMs: nowMs + TRIAL_MS };
}

export function trialIsDue(breaker: Breaker, nowMs: number): boolean {
  return breaker.state !== "closed" && nowMs >= (breaker.nextTrialAtMs ?? 0);
}

/** The result of looking for the cause of an open breaker. Times are epoch ms. */
export interface CauseCheck {
  /** When the checked breaker opened. */
  openedAtMs: number | null;
  atMs: number;
  /** Whether the cause was found. */
  blocked: boolean;
}

/** The time between two checks for the cause of an open breaker. */
export const CAUSE_CHECK_MS = 3000;

/** Whether the cause of a breaker that opened at `openedAtMs` must be checked now. */
export function causeCheckIsDue(last: CauseCheck | undefined, openedAtMs: number | null, nowMs: number): boolean {
  return last?.openedAtMs !== openedAtMs || nowMs - last.atMs >= CAUSE_CHECK_MS;
}

/** Whether the last check found the cause and this check does not. A trial is then due at once (semantics §6.12). */
export function causeIsGone(last: CauseCheck | undefined, check: CauseCheck): boolean {
  return last !== undefined && last.openedAtMs === check.openedAtMs && last.blocked && !check.blocked;
}

/** Makes the trial of an open breaker due now. */
export function trialNow(breaker: Breaker, nowMs: number): Breaker {
  if (breaker.state !== "open" || trialIsDue(breaker, nowMs)) return breaker;
  return { ...breaker, nextTrialAtMs: nowMs };
}

/**
 * The breaker after the trial by the worker `by`. If the trial has no result, because its message was at fault, the
 * next trial is due now. A result that arrives after the trial was abandoned or the breaker reset changes nothing.
 */
export function endTrial(breaker: Breaker, ended: { by: string; tally: Tally; nowMs: number }): Breaker {
  const { by, tally, nowMs } = ended;
  if (breaker.state !== "half_open" || breaker.trial !== by) return breaker;
  if (tally.ok > 0) return CLOSED;
  if (tally.failed === 0) return { ...breaker, state: "open", trial: null, nextTrialAtMs: nowMs };
  const failures = breaker.failures + tally.failed;
  return opened({ ...breaker, failures, error: tally.error }, { openedAtMs: breaker.openedAtMs ?? nowMs, nowMs });
}

function opened(breaker: Breaker, at: { openedAtMs: number; nowMs: number }): Breaker {
  return { ...breaker, state: "open", openedAtMs: at.openedAtMs, nextTrialAtMs: at.nowMs + OPEN_MS, trial: null };
}
