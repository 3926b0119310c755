import type { CatchUp } from "./schedule";

/** The catch-up policy decides about an occurrence that is found later than this. */
export const CATCH_UP_GRACE_MS = 60_000;

/** The decision on missed occurrences. Each occurrence is in exactly one list; the lists are oldest first. */
export interface CatchUpDecision<T> {
  run: T[];
  /** Skipped by the policy. */
  skip: T[];
  /** After the last run that the schedule's `max_runs` allows. */
  ended: T[];
}

/**
 * Decides about occurrences that were found late (semantics §4.2). `missed` may be in any order. Occurrences due after
 * `nowMs` are in no list, because future occurrences are never decided (kestra #16721).
 *
 * @param runsLeft the number of occurrences that the schedule's `max_runs` still allows; null for no limit
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
