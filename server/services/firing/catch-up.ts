import type { PlanClaim, PlanTail } from "~/server/adapters/redis/hot-tier-types";
import { decideCatchUp } from "~/server/domain/catch-up";
import { occurrenceKey } from "~/server/domain/ids";
import { isRecurring, planAfter, recurrenceOf, runsLeft } from "~/server/domain/plan";
import { occurrences } from "~/server/domain/recurrence";
import type { Deps } from "../ctx";
import { skippedExecution } from "./ledger";

/** Missed occurrences that are looked at in one go; a longer outage of a fast cron takes more rounds. */
const MISSED_LIMIT = 100_000;
/** Ledger rows of one round: what one Lua call carries. */
const ROUND = 2000;

/** Behind the last run that `max_runs` allows there is no occurrence any more. */
function within(left: number | null, all: { run: number[]; skip: number[]; missed: number[] }): typeof all {
  if (left === null || all.run.length < left) return all;
  const run = all.run.slice(0, left);
  const lastMs = run.at(-1) ?? Number.NEGATIVE_INFINITY;
  const before = (times: readonly number[]) => times.filter((nominalMs) => nominalMs <= lastMs);
  return { run, skip: before(all.skip), missed: before(all.missed) };
}

/**
 * A recurring schedule was found behind by more than the grace: its catch-up policy decides about everything missed until now; the
 * plan goes on with what is still to come. Longer backlogs are written in rounds, oldest first; the plan stays behind until the last.
 */
export async function catchUp(input: {
  deps: Deps;
  claim: PlanClaim;
  nowMs: number;
}): Promise<{ skipped: number; run: number }> {
  const { deps, claim, nowMs } = input;
  const { schedule } = claim;
  if (!isRecurring(schedule)) return { skipped: 0, run: 0 };
  // Behind the last one claimed; a schedule that never fired is floored at the last change of its times (semantics §4).
  const afterMs = claim.plan[0]
    ? claim.plan[0].nominalMs - 1
    : (claim.lastNominalMs ?? schedule.plannedSince ?? schedule.createdAt);
  const found = occurrences(recurrenceOf(schedule), {
    afterMs,
    untilMs: nowMs,
    limit: MISSED_LIMIT,
  }).map((one) => one.nominalMs);
  const decision = decideCatchUp({ missed: found, nowMs, policy: schedule.catchUp });
  const { run, skip, missed } = within(runsLeft(schedule, 0), { ...decision, missed: found });
  const kept = new Set(run);
  const round = missed.slice(0, ROUND);
  const more = missed.length > round.length;
  const lastMs = round.at(-1) ?? afterMs;
  const now = new Set(round);
  const skipNow = skip.filter((nominalMs) => now.has(nominalMs));
  const runNow = round.filter((nominalMs) => kept.has(nominalMs));
  await deps.hot.replan({
    claim,
    executions: skipNow.map((nominalMs) =>
      skippedExecution({ schedule, nominalMs, nowMs, reason: "catch_up_policy", actor: null }),
    ),
    instances: runNow.map((nominalMs) => ({
      key: occurrenceKey(schedule.scheduleId, nominalMs),
      nominalMs,
      effectiveMs: nominalMs,
      trigger: "catch_up",
      actor: null,
      lane: "c",
    })),
    tail: more ? behind(missed[ROUND] as number) : nextPlan(),
  });
  return { skipped: skipNow.length, run: runNow.length };

  function behind(nominalMs: number): PlanTail {
    return { kind: "hot", more: [{ nominalMs, effectiveMs: nominalMs }] };
  }

  function nextPlan(): PlanTail {
    const horizonMs = deps.settings.current().immediateHorizonSeconds * 1000;
    const plan = planAfter({
      schedule,
      afterMs: lastMs,
      nowMs,
      horizonMs,
      runsLeft: runsLeft(schedule, runNow.length),
    });
    if (plan.near.length > 0) return { kind: "hot", more: plan.near };
    return plan.nextBeyondMs === null ? { kind: "end" } : { kind: "far", nextExecution: plan.nextBeyondMs };
  }
}
