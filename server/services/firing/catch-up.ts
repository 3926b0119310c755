import { decideCatchUp } from "~/server/domain/catch-up";
import type { SkipReason } from "~/server/domain/choices";
import { occurrenceKey } from "~/server/domain/ids";
import { boundContent, gapRows, skippedExecution } from "~/server/domain/ledger";
import type { PlanTail } from "~/server/domain/placement";
import {
  isRecurring,
  occurrencesOf,
  type PlannedOccurrence,
  planAfter,
  recurrenceOf,
  runsLeft,
} from "~/server/domain/plan";
import { type Occurrence, skippedByDstAtEnd, skippedByDstUntil } from "~/server/domain/recurrence";
import type { PlanClaim } from "~/server/ports/hot/claims";
import type { Deps } from "../ctx";

/** Maximum number of missed occurrences to examine in one call. */
const MISSED_LIMIT = 100_000;
/** Maximum number of missed occurrences in one round, because a round is written in one Lua call. */
const ROUND_OCCURRENCES = 2000;

/**
 * Applies the catch-up policy to the missed occurrences of a recurring schedule, then continues the plan with future
 * occurrences. A long backlog takes several calls, oldest first, and the plan is behind until the last call.
 *
 * @returns how many occurrences the replan got as skipped, and how many to run, even if it was refused
 */
export async function catchUp(input: {
  deps: Deps;
  claim: PlanClaim;
  nowMs: number;
}): Promise<{ skipped: number; run: number }> {
  const { deps, claim, nowMs } = input;
  const { schedule } = claim;
  if (!isRecurring(schedule)) return { skipped: 0, run: 0 };
  // Start at the first occurrence of the plan. If the plan is empty, start after the last claimed or decided occurrence
  // or, without one, after the last change of the times or the creation (semantics §4.7).
  const afterMs = claim.plan[0]
    ? claim.plan[0].nominalMs - 1
    : (claim.lastNominalMs ?? schedule.plannedSince ?? schedule.createdAt);
  // An occurrence that jitter moves into the future is not missed. It starts the new plan.
  const missed = occurrencesOf(schedule, { afterMs, untilMs: nowMs, limit: MISSED_LIMIT }).filter(
    (one) => one.effectiveMs <= nowMs,
  );
  const decision = decideCatchUp({ missed, nowMs, policy: schedule.catchUp, runsLeft: runsLeft(schedule, 0) });
  const firstOfNextRound = missed[ROUND_OCCURRENCES];
  const inRound = ({ nominalMs }: PlannedOccurrence) =>
    firstOfNextRound === undefined || nominalMs < firstOfNextRound.nominalMs;
  const run = decision.run.filter(inRound);
  const skippedRows = (times: readonly PlannedOccurrence[], reason: SkipReason) =>
    times.filter(inRound).map((time) => skippedExecution({ schedule, time, nowMs, reason, actor: null }));
  const lastMs = missed[Math.min(ROUND_OCCURRENCES, missed.length) - 1]?.nominalMs;
  const gaps = gapRows(schedule, omittedByDstGap(lastMs), nowMs);
  const executions = [
    ...skippedRows(decision.skip, "catch_up_policy"),
    ...skippedRows(decision.ended, "schedule_ended"),
    ...gaps,
  ];
  await deps.hot.replan({
    claim,
    executions: boundContent(executions),
    instances: run.map(({ nominalMs, effectiveMs }) => ({
      key: occurrenceKey(schedule.scheduleId, nominalMs),
      nominalMs,
      effectiveMs,
      trigger: "catch_up",
      actor: null,
      // The catch-up lane.
      lane: "c",
    })),
    tail: firstOfNextRound ? { kind: "hot", more: [firstOfNextRound] } : nextPlan(missed.at(-1)?.nominalMs ?? afterMs),
  });
  return { skipped: executions.length, run: run.length };

  /**
   * Returns the occurrences that `dst_gap: skip` omits up to `lastMs`, the last occurrence of this round, and after it
   * if the schedule has no later occurrence.
   */
  function omittedByDstGap(lastMs: number | undefined): Occurrence[] {
    if (lastMs === undefined || !isRecurring(schedule) || schedule.dstGap !== "skip") return [];
    const spec = recurrenceOf(schedule);
    const atEnd = skippedByDstAtEnd(spec, lastMs);
    const firstMs = missed[0]?.nominalMs as number;
    const sinceMs = schedule.plannedSince ?? schedule.createdAt;
    return [...skippedByDstUntil(spec, { nextMs: firstMs, sinceMs, untilMs: lastMs }), ...atEnd];
  }

  function nextPlan(lastMs: number): PlanTail {
    const horizonMs = deps.settings.current().immediateHorizonSeconds * 1000;
    const left = runsLeft(schedule, run.length);
    const plan = planAfter({ schedule, afterMs: lastMs, nowMs, horizonMs, runsLeft: left });
    if (plan.near.length > 0) return { kind: "hot", more: plan.near };
    return plan.nextBeyondMs === null ? { kind: "end" } : { kind: "far", nextExecution: plan.nextBeyondMs };
  }
}
