import type { PlanTail } from "~/server/domain/placement";
import { isRecurring, PLAN_AHEAD, planAfter, runsLeft } from "~/server/domain/plan";
import type { Settings } from "~/server/domain/settings";
import type { Claim } from "~/server/ports/hot/claims";

/** Below this many planned occurrences the plan is extended. */
const REFILL_BELOW = 4;

/**
 * How the plan goes on behind what Redis has of it: computed from the last planned nominal, never from now. Null when
 * the claim is not the plan's own, or enough is planned.
 */
export function tailOf(claim: Claim, given: { nowMs: number; settings: Settings }): PlanTail | null {
  const { schedule, planLeft } = claim;
  if (planLeft === null || !isRecurring(schedule) || planLeft.length >= REFILL_BELOW) return null;
  const plan = planAfter({
    schedule,
    afterMs: planLeft.at(-1)?.nominalMs ?? claim.nominalMs,
    nowMs: given.nowMs,
    horizonMs: given.settings.immediateHorizonSeconds * 1000,
    runsLeft: runsLeft(schedule, planLeft.length),
    limit: PLAN_AHEAD - planLeft.length,
  });
  if (plan.near.length > 0) return { kind: "hot", more: plan.near };
  if (planLeft.length > 0) return null;
  return plan.nextBeyondMs === null ? { kind: "end" } : { kind: "far", nextExecution: plan.nextBeyondMs };
}
