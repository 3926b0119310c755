import { CATCH_UP_GRACE_MS, decideCatchUp } from "../catch-up";
import { decideFiring } from "../firing";
import type { PlannedOccurrence } from "../plan";
import type { CatchUp } from "../schedule";

/** Why a missed occurrence does not run. */
export type NotRun =
  /** Policy `none`. */
  | "policy_none"
  /** Policy `last`: only the last occurrence runs. */
  | "merged_into_last"
  /** Policy `all`: beyond the `max_runs` of the catch-up policy. */
  | "over_limit"
  /** Older than the catch-up window. */
  | "outside_window"
  /** Later than `max_delay_seconds`. */
  | "max_delay"
  /** The schedule's `max_runs` are used up. */
  | "schedule_ended";

/** What happens to occurrences that were due while no worker ran. Each is in at most one list, oldest first. */
export interface Recovery {
  /** Whether the runs are in the catch-up lane: behind live runs and at a limited rate. */
  byCatchUp: boolean;
  runs: PlannedOccurrence[];
  notRun: { time: PlannedOccurrence; why: NotRun }[];
}

/**
 * Decides like a worker that starts at `nowMs` and finds these occurrences unclaimed (semantics §4). If the first
 * occurrence is at most a minute late, all are fired; otherwise the catch-up policy selects the runs. Runs can still
 * expire by `max_delay_seconds`.
 *
 * @param due in any order; occurrences that are not due at `nowMs` are in no list
 * @param runsLeft the number of occurrences that the schedule's `max_runs` still allows; null for no limit
 * @param recurring false for a one-time schedule, which has no catch-up policy
 */
export function decideRecovery(input: {
  due: readonly PlannedOccurrence[];
  nowMs: number;
  catchUp: CatchUp;
  maxDelaySeconds: number;
  runsLeft: number | null;
  recurring: boolean;
}): Recovery {
  const { nowMs, catchUp, maxDelaySeconds, runsLeft, recurring } = input;
  const due = input.due.filter((one) => one.effectiveMs <= nowMs).toSorted((a, b) => a.nominalMs - b.nominalMs);
  const first = due[0];
  const byCatchUp = recurring && first !== undefined && first.effectiveMs < nowMs - CATCH_UP_GRACE_MS;
  const { run, skip, ended } = byCatchUp
    ? decideCatchUp({ missed: due, nowMs, policy: catchUp, runsLeft })
    : { run: due.slice(0, runsLeft ?? due.length), skip: [], ended: [] };
  const runs: PlannedOccurrence[] = [];
  const notRun: Recovery["notRun"] = skip.map((time) => ({ time, why: whySkipped(time, { nowMs, catchUp }) }));
  for (const time of run) {
    const decision = decideFiring({
      schedule: { maxDelaySeconds },
      effectiveMs: time.effectiveMs,
      nowMs,
      mayExpire: true,
      deleted: false,
    });
    if (decision.do === "publish") runs.push(time);
    else notRun.push({ time, why: "max_delay" });
  }
  for (const time of ended) notRun.push({ time, why: "schedule_ended" });
  return { byCatchUp, runs, notRun: notRun.sort((a, b) => a.time.nominalMs - b.time.nominalMs) };
}

/** The part of the policy that skips an occurrence. */
function whySkipped(time: PlannedOccurrence, { nowMs, catchUp }: { nowMs: number; catchUp: CatchUp }): NotRun {
  if (catchUp.policy === "none") return "policy_none";
  if (time.nominalMs < nowMs - catchUp.windowSeconds * 1000) return "outside_window";
  return catchUp.policy === "last" ? "merged_into_last" : "over_limit";
}
