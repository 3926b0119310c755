import { v7 } from "uuid";
import { occurrenceKey } from "~/server/domain/ids";
import { nearOccurrences } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import { restoreAccess } from "../access/restore";
import { restoreJobs } from "../bulk/durable-jobs";
import type { Deps } from "../ctx";
import { applyPauseAll } from "../pause-all";
import { restoreProtection } from "../protection/restore";
import { restoreSettings } from "../settings/restore";
import { restoreTopicSchemas } from "../topic-schemas/restore";
import { rememberPauses } from "./end-pauses";
import { restoreLostRecurring, restoreLostWaiting } from "./restore-lost";
import { planEach, promoteEach } from "./unplannable";

/**
 * How long a rebuild waits after a loss, ms, so that recorders can write the batches that they read before the loss. An
 * earlier rebuild would fire the events of these batches again.
 */
const LAST_BATCH_MS = 2000;
/** How far back the occurrences of recurring schedules are recomputed to find lost ones, ms. */
const RECURRING_LOOK_BACK_MS = 3_600_000;
/** The retention of the table `waiting_occurrences`. */
const WAITING_LOOK_BACK_MS = 8 * 86_400_000;

/**
 * Returns whether Redis needs a rebuild, because it is new or lost its data: "waiting" for `LAST_BATCH_MS` after the
 * first notice, then "rebuild".
 */
export async function rebuildState(deps: Deps): Promise<"none" | "waiting" | "rebuild"> {
  if ((await deps.hot.epoch()) !== null) return "none";
  const nowMs = await deps.hot.now();
  const sinceMs = await deps.redisLoss.noticeLoss(nowMs);
  return nowMs - sinceMs < LAST_BATCH_MS ? "waiting" : "rebuild";
}

/**
 * Rebuilds a Redis that is new or lost its data. Restores accounts, settings, the pause of all firing, payload schemas
 * and protection rules, then the schedules that are due within the horizon, then names, pause ends, bulk jobs and lost
 * occurrences. Leaves out the next occurrence of a schedule if it has an outcome in the ledger. Idempotent, because
 * data that Redis already has is kept. Returns how many schedules were restored.
 */
export async function rebuild(deps: Deps): Promise<number> {
  const token = v7();
  await deps.hot.beginRebuild(token);
  await restoreAccess({ deps });
  await restoreSettings({ deps });
  // Before any schedule is restored, so that firing that an operator paused stays paused.
  await applyPauseAll(deps);
  await restoreTopicSchemas({ deps });
  await restoreProtection({ deps });
  const nowMs = await deps.hot.now();
  const horizonMs = deps.settings.current().immediateHorizonSeconds * 1000;
  let restoredCount = 0;
  for await (const rows of deps.store.dueForRebuild({ beforeMs: nowMs + horizonMs })) {
    restoredCount += await restore(deps, rows, { nowMs, horizonMs });
  }
  await restoreNames(deps);
  await rememberPauses(deps);
  await restoreJobs(deps);
  // The catalogue does not have retries and held occurrences; restore them from waiting_occurrences before anybody
  // changes their schedules.
  await restoreLostWaiting(deps, { fromMs: nowMs - WAITING_LOOK_BACK_MS });
  await restoreLostRecurring(deps, { fromMs: nowMs - RECURRING_LOOK_BACK_MS, toMs: nowMs });
  // End the rebuild last, so that a crash or another wipe restarts it.
  const ended = await deps.hot.endRebuild(token);
  if (!ended) deps.log.warn("rebuild interrupted by another wipe of redis, restarting");
  return restoredCount;
}

/** Reserves the names of all live schedules of both tiers. Keeps reservations that Redis already has. */
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
