import type { ErrorClass } from "./choices";

/** Failures in a row that open a breaker, and how long it then waits before one trial (semantics §6.7). */
export const FAILURES_TO_OPEN = 5;
export const OPEN_MS = 60_000;
/** A trial that has said nothing for this long is forgotten, and another one may be made. */
export const TRIAL_MS = 30_000;

/** What stands behind a breaker: one topic of the bus, or a store. */
export type BreakerName = `topic:${string}` | `store:${"clickhouse"}`;

/**
 * What is known of a breaker. One that is closed and has not failed is `CLOSED`, and is stored nowhere. Times are epoch
 * ms.
 */
export interface Breaker {
  state: "closed" | "open" | "half_open";
  /** Failures in a row; failed trials count on. */
  failures: number;
  openedAtMs: number | null;
  /** From when on a trial may be made; while one is made, when it is given up. */
  nextTrialAtMs: number | null;
  /** Who makes the trial. */
  trial: string | null;
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

/**
 * Whether a failure tells of the topic or store, and not of the message. A payload that can never be published says
 * nothing of where it was to go, so it neither opens a breaker nor closes one.
 */
export function tellsOfTheService(errorClass: ErrorClass): boolean {
  return errorClass !== "bad_payload";
}

/** What calls side by side came to: one batch, one insert. `failed` counts only what tells of the service. */
export interface Tally {
  ok: number;
  failed: number;
  error: string | null;
}

/**
 * The breaker after calls that were no trial. Calls of one batch have no order among them: one that succeeded shows
 * that the service is there. What was under way when it opened changes nothing; the trial alone decides then.
 */
export function afterCalls(breaker: Breaker, tally: Tally, nowMs: number): Breaker {
  if (breaker.state !== "closed") return breaker;
  if (tally.ok > 0) return CLOSED;
  if (tally.failed === 0) return breaker;
  const failures = breaker.failures + tally.failed;
  const failed: Breaker = { ...CLOSED, failures, error: tally.error };
  return failures < FAILURES_TO_OPEN ? failed : opened(failed, { openedAtMs: nowMs, nowMs });
}

/**
 * The breaker with `by`'s trial, or null where none may be made now: it is closed, waits, or another's is under way.
 */
export function beginTrial(breaker: Breaker, by: string, nowMs: number): Breaker | null {
  if (!trialIsDue(breaker, nowMs)) return null;
  return { ...breaker, state: "half_open", trial: by, nextTrialAtMs: nowMs + TRIAL_MS };
}

/** Whether a trial may be made now. */
export function trialIsDue(breaker: Breaker, nowMs: number): boolean {
  return breaker.state !== "closed" && nowMs >= (breaker.nextTrialAtMs ?? 0);
}

/** What a look at the cause of an open breaker found, epoch ms. */
export interface Look {
  /** Of the opening that it belongs to. */
  openedAtMs: number | null;
  atMs: number;
  blocked: boolean;
}

/** How often the cause of an open breaker is looked at. */
export const LOOK_EVERY_MS = 3000;

/** Whether a breaker that opened at `openedAtMs` is to be looked at again. */
export function lookIsDue(last: Look | undefined, openedAtMs: number | null, nowMs: number): boolean {
  return last?.openedAtMs !== openedAtMs || nowMs - last.atMs >= LOOK_EVERY_MS;
}

/** Whether the cause was seen, and is gone. If no look found it, the trial keeps its time (semantics §6.12). */
export function causeIsGone(last: Look | undefined, look: Look): boolean {
  return last !== undefined && last.openedAtMs === look.openedAtMs && last.blocked && !look.blocked;
}

/** An open breaker whose trial need not wait any longer; the others as they are. */
export function trialNow(breaker: Breaker, nowMs: number): Breaker {
  if (breaker.state !== "open" || trialIsDue(breaker, nowMs)) return breaker;
  return { ...breaker, nextTrialAtMs: nowMs };
}

/**
 * The breaker after `by`'s trial. One that came to nothing, since its message was at fault itself, leaves it to the
 * next at once. Whoever is late, because the trial was given up or the breaker reset meanwhile, changes nothing.
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
