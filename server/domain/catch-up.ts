import type { CatchUp } from "./schedule";

/** An occurrence later than this is found late and follows the catch-up policy; one less late is simply fired. */
export const CATCH_UP_GRACE_MS = 60_000;

/** What becomes of missed occurrences, oldest first. Each is in exactly one list. */
export interface CatchUpDecision<T> {
  run: T[];
  /** Left out by the policy. */
  skip: T[];
  /** Behind the last run that `max_runs` allows. */
  ended: T[];
}

/**
 * What to do with occurrences found late (semantics §4.2). `missed` are in any order. One that is due after `nowMs`
 * is in no list: an occurrence that is still to come is never touched (kestra #16721).
 *
 * @param runsLeft how many occurrences `max_runs` still allows; null means no bound
 */
export function decideCatchUp<T extends { nominalMs: number; effectiveMs: number }>(input: {
  missed: readonly T[];
  nowMs: number;
  policy: CatchUp;
  runsLeft: number | null;
}): CatchUpDecision<T> {
  const { nowMs, policy, runsLeft } = input;
  const missed = input.missed.filter((one) => one.effectiveMs <= nowMs).sort((a, b) => a.nominalMs - b.nominalMs);
  if (runsLeft === 0) return { run: [], skip: [], ended: missed };
  const oldestMs = nowMs - policy.windowSeconds * 1000;
  const inWindow = missed.filter((one) => one.nominalMs >= oldestMs).length;
  const wanted = { none: 0, last: 1, all: policy.maxRuns }[policy.policy];
  const from = missed.length - Math.min(wanted, inWindow);
  const until = runsLeft === null ? missed.length : Math.min(missed.length, from + runsLeft);
  return { run: missed.slice(from, until), skip: missed.slice(0, from), ended: missed.slice(until) };
}
