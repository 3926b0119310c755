import { v7 } from "uuid";
import { occurrenceKey } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import { restoreAccess } from "../access/restore";
import { restoreJobs } from "../bulk/durable-jobs";
import type { Deps } from "../ctx";
import { restoreSettings } from "../settings/restore";
import { rememberPauses } from "./end-pauses";
import { planOf } from "./promote-once";
import { planEach, promoteEach } from "./unplannable";
import { watchGaps, watchWaiting } from "./watch-gaps";

/**
 * What a recorder had in hand when Redis was lost is in ClickHouse after this; before that, what it says would be fired
 * again.
 */
const IN_HAND_MS = 2000;
const LOOK_BACK_MS = 3_600_000;
/** As long as such notes are kept. */
const WAITING_BACK_MS = 8 * 86_400_000;

/**
 * Whether Redis was lost, and if so, whether it is time to rebuild it: ClickHouse may still be told what Redis knew.
 */
export async function lossOf(deps: Deps): Promise<"none" | "settling" | "rebuild"> {
  if ((await deps.hot.epoch()) !== null) return "none";
  const nowMs = await deps.hot.now();
  const sinceMs = await deps.lossNotes.noticedSince(nowMs);
  return nowMs - sinceMs < IN_HAND_MS ? "settling" : "rebuild";
}

/**
 * After a lost or wiped Redis its epoch is missing: settings and accounts first, by which the rest is done, then the
 * hot tier is filled again from ClickHouse with what is due within the horizon, less what the ledger has; names, ends
 * of pauses, and what waited. Idempotent: what Redis has already it keeps. Answers how many schedules came back.
 */
export async function rebuild(deps: Deps): Promise<number> {
  const token = v7();
  await deps.hot.beginRebuild(token);
  await restoreAccess({ deps });
  await restoreSettings({ deps });
  const nowMs = await deps.hot.now();
  const horizonMs = deps.settings.current().immediateHorizonSeconds * 1000;
  let restored = 0;
  for await (const rows of deps.store.dueForRebuild({ beforeMs: nowMs + horizonMs })) {
    restored += await restore(deps, rows, { nowMs, horizonMs });
  }
  await restoreNames(deps);
  await rememberPauses(deps);
  await restoreJobs(deps);
  // What waited for a retry or was held stood in Redis alone. Looked for now, before anybody changes its schedule.
  await watchWaiting(deps, { fromMs: nowMs - WAITING_BACK_MS });
  await watchGaps(deps, { fromMs: nowMs - LOOK_BACK_MS, toMs: nowMs });
  // Last, so that a crash in the middle starts it over. So does a wipe in the middle.
  const ended = await deps.hot.endRebuild(token);
  if (!ended) deps.log.warn("Redis was wiped while it was rebuilt; rebuilding again");
  return restored;
}

/** Names of schedules of both tiers, paused and completed ones too. What Redis has meanwhile given away stays. */
async function restoreNames(deps: Deps): Promise<void> {
  for await (const rows of deps.store.liveNames()) {
    await Promise.all(rows.map((row) => deps.hot.reserveName(row)));
  }
}

async function restore(
  deps: Deps,
  rows: readonly Schedule[],
  given: { nowMs: number; horizonMs: number },
): Promise<number> {
  const settled = await deps.store.settledKeys(
    rows.map((row) => occurrenceKey(row.scheduleId, row.state.nextExecution ?? 0)),
  );
  const step = "rebuild";
  const planned = await planEach(deps, { schedules: rows, step, plan: (schedule) => planOf(schedule, given) });
  const plans = planned
    .map(({ schedule, plan }) => {
      const first = plan[0];
      const decided = first !== undefined && settled.has(occurrenceKey(schedule.scheduleId, first.nominalMs));
      return { schedule, plan: decided ? plan.slice(1) : plan };
    })
    .filter(({ plan }) => plan.length > 0);
  const results = await promoteEach(deps, { rows: plans, step });
  return results.filter((result) => result === "promoted").length;
}
