import type { CatchUp } from "./schedule";

/** An occurrence later than this is found late and follows the catch-up policy; one less late is simply fired. */
export const CATCH_UP_GRACE_MS = 60_000;

/** Which of the missed are run and which are ledgered as `skipped: catch_up_policy`; nominal times, oldest first. */
export interface CatchUpDecision {
  run: number[];
  skip: number[];
}

/**
 * What to do with occurrences found late (semantics §4). `missed` are nominal times in epoch ms, in any order. A time
 * after `nowMs` is in neither list: an occurrence that is still to come is never touched (kestra #16721).
 */
export function decideCatchUp(input: { missed: readonly number[]; nowMs: number; policy: CatchUp }): CatchUpDecision {
  const { nowMs, policy } = input;
  const missed = input.missed.filter((nominalMs) => nominalMs <= nowMs).sort((a, b) => a - b);
  const oldestMs = nowMs - policy.windowSeconds * 1000;
  const inWindow = missed.filter((nominalMs) => nominalMs >= oldestMs).length;
  const wanted = { none: 0, last: 1, all: policy.maxRuns }[policy.policy];
  const cut = missed.length - Math.min(wanted, inWindow);
  return { run: missed.slice(cut), skip: missed.slice(0, cut) };
}
