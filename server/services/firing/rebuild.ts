import { v7 } from "uuid";
import { occurrenceKey } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import { restoreAccess } from "../access/restore";
import { restoreJobs } from "../bulk/durable-jobs";
import type { Deps } from "../ctx";
import { applyPauseAll } from "../pause-all";
import { restoreProtection } from "../protection/restore";
import { restoreSettings } from "../settings/restore";
import { restoreTopicSchemas } from "../topic-schemas/restore";
import { rememberPauses } from "./end-pauses";
import { nearOccurrences } from "./promote-once";
import { restoreLostRecurring, restoreLostWaiting } from "./restore-lost";
import { planEach, promoteEach } from "./unplannable";

/**
 * How long a recorder may take to write its last batch from before the loss, ms. An earlier rebuild would fire the
 * events of the batch again.
 */
const LAST_BATCH_MS = 2000;
/** How far back the occurrences of recurring schedules are recomputed to find lost ones, ms. */
const RECURRING_LOOK_BACK_MS = 3_600_000;
/** The retention of the table `waiting_occurrences`. */
const WAITING_LOOK_BACK_MS = 8 * 86_400_000;

/**
 * Tells whether Redis lost its data. If so: "settling" until the recorders have written their last batches, then
 * "rebuild".
 */
export async function lossOf(deps: Deps): Promise<"none" | "settling" | "rebuild"> {
  if ((await deps.hot.epoch()) !== null) return "none";
  const nowMs = await deps.hot.now();
  const sinceMs = await deps.redisLoss.noticedSince(nowMs);
  return nowMs - sinceMs < LAST_BATCH_MS ? "settling" : "rebuild";
}

/**
 * Rebuilds a lost or wiped Redis, whose epoch is missing. Restores accounts and settings first, because the rest
 * depends on them. Then restores the schedules that are due within the horizon, without occurrences that have an
 * outcome in the ledger; then names, pause ends and waiting occurrences. Idempotent: keeps whatever Redis already has.
 * Returns how many schedules were restored.
 */
export async function rebuild(deps: Deps): Promise<number> {
  const token = v7();
  await deps.hot.beginRebuild(token);
  await restoreAccess({ deps });
  await restoreSettings({ deps });
  // Before any schedule is back, so that a loss of Redis never resumes firing.
  await applyPauseAll(deps);
  await restoreTopicSchemas({ deps });
  await restoreProtection({ deps });
  const nowMs = await deps.hot.now();
  const horizonMs = deps.settings.current().immediateHorizonSeconds * 1000;
  let restored = 0;
  for await (const rows of deps.store.dueForRebuild({ beforeMs: nowMs + horizonMs })) {
    restored += await restore(deps, rows, { nowMs, horizonMs });
  }
  await restoreNames(deps);
  await rememberPauses(deps);
  await restoreJobs(deps);
  // Retries and held occurrences existed in Redis alone. Restore them before anybody changes their schedules.
  await restoreLostWaiting(deps, { fromMs: nowMs - WAITING_LOOK_BACK_MS });
  await restoreLostRecurring(deps, { fromMs: nowMs - RECURRING_LOOK_BACK_MS, toMs: nowMs });
  // End the rebuild last, so that a crash or another wipe restarts it.
  const ended = await deps.hot.endRebuild(token);
  if (!ended) deps.log.warn("Redis wiped during its rebuild, rebuilding again");
  return restored;
}

/**
 * Reserves the names of all live schedules of both tiers. Keeps a reservation that Redis already has for another
 * schedule.
 */
async function restoreNames(deps: Deps): Promise<void> {
  for await (const rows of deps.store.liveNames()) {
    await Promise.all(rows.map((row) => deps.hot.reserveName(row)));
  }
}

async function restore(
  deps: Deps,
  rows: readonly Schedule[],
  range: { nowMs: number; horizonMs: number },
): Promise<number> {
  const settled = await deps.store.settledKeys(
    rows.map((row) => occurrenceKey(row.scheduleId, row.state.nextExecution ?? 0)),
  );
  const step = "rebuild";
  const planned = await planEach(deps, { schedules: rows, step, plan: (schedule) => nearOccurrences(schedule, range) });
  const plans = planned
    .map(({ schedule, plan }) => {
      const first = plan[0];
      const isSettled = first !== undefined && settled.has(occurrenceKey(schedule.scheduleId, first.nominalMs));
      return { schedule, plan: isSettled ? plan.slice(1) : plan };
    })
    .filter(({ plan }) => plan.length > 0);
  const results = await promoteEach(deps, { rows: plans, step });
  return results.filter((result) => result === "promoted").length;
}
