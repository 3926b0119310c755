import { v7 } from "uuid";
import { occurrenceKey } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { planOf } from "./promote-once";

const PAGE = 1000;

/**
 * After a lost or wiped Redis its epoch is missing: the hot tier is filled again from ClickHouse with what is due within the horizon, less what
 * the ledger has. Idempotent: what Redis has already it keeps. Answers how many schedules came back, null when nothing was lost.
 */
export async function rebuildIfLost(deps: Deps): Promise<number | null> {
  if ((await deps.hot.epoch()) !== null) return null;
  const nowMs = await deps.hot.now();
  const horizonMs = deps.settings.current().immediateHorizonSeconds * 1000;
  let afterId: string | undefined;
  let restored = 0;
  for (;;) {
    const rows = await deps.store.dueForRebuild({ beforeMs: nowMs + horizonMs, afterId, limit: PAGE });
    if (rows.length === 0) break;
    afterId = rows.at(-1)?.scheduleId;
    restored += await restore(deps, rows, { nowMs, horizonMs });
  }
  // Last, so that a crash in the middle starts it over.
  await deps.hot.setEpoch(v7());
  return restored;
}

async function restore(
  deps: Deps,
  rows: readonly Schedule[],
  given: { nowMs: number; horizonMs: number },
): Promise<number> {
  const settled = await deps.store.settledKeys(
    rows.map((row) => occurrenceKey(row.scheduleId, row.state.nextExecution ?? 0)),
  );
  const plans = rows
    .map((schedule) => {
      const plan = planOf(schedule, given);
      const first = plan[0];
      const decided = first !== undefined && settled.has(occurrenceKey(schedule.scheduleId, first.nominalMs));
      return { schedule, plan: decided ? plan.slice(1) : plan };
    })
    .filter(({ plan }) => plan.length > 0);
  for (const { schedule } of plans) {
    if (schedule.name !== null) await deps.hot.reserveName({ name: schedule.name, scheduleId: schedule.scheduleId });
  }
  const results = await deps.hot.promote(plans);
  return results.filter((result) => result === "promoted").length;
}
