import type { PlanTail } from "~/server/domain/placement";
import { isRecurring, PLAN_AHEAD, planAfter, runsLeft } from "~/server/domain/plan";
import type { Settings } from "~/server/domain/settings";
import type { Claim } from "~/server/ports/hot/claims";

/** Extend the plan when fewer than this many occurrences are planned. */
const REFILL_BELOW = 4;

/**
 * Computes what the settle of a claim appends to the plan. Null if the claim is not from the current plan, if enough
 * occurrences are planned, or if some are planned and none follows within the horizon.
 */
export function tailOf(claim: Claim, context: { nowMs: number; settings: Settings }): PlanTail | null {
  const { schedule, planLeft } = claim;
  if (planLeft === null || !isRecurring(schedule) || planLeft.length >= REFILL_BELOW) return null;
  const plan = planAfter({
    schedule,
    afterMs: planLeft.at(-1)?.nominalMs ?? claim.nominalMs,
    nowMs: context.nowMs,
    horizonMs: context.settings.immediateHorizonSeconds * 1000,
    runsLeft: runsLeft(schedule, planLeft.length),
    limit: PLAN_AHEAD - planLeft.length,
  });
  if (plan.near.length > 0) return { kind: "hot", more: plan.near };
  if (planLeft.length > 0) return null;
  return plan.nextBeyondMs === null ? { kind: "end" } : { kind: "far", nextExecution: plan.nextBeyondMs };
}
