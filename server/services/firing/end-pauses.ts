import { type Ctx, type Deps, SYSTEM_PRINCIPAL } from "../ctx";
import { toggleSchedule } from "../schedules/toggle";

const PAGE = 1000;

/** Resumes what was paused until a time that is over. Answers how many. */
export async function endPauses(deps: Deps): Promise<number> {
  const paused = await deps.store.listSchedules({
    status: ["paused"],
    sort: "updated_at",
    descending: true,
    limit: PAGE,
  });
  const nowMs = deps.clock.now();
  const over = paused.items.filter((row) => row.pausedUntil !== null && row.pausedUntil <= nowMs);
  const ctx: Ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "watch" };
  for (const row of over) {
    await toggleSchedule({
      ctx,
      input: { scheduleId: row.scheduleId, enabled: true, note: "the pause's time is over" },
    });
  }
  return over.length;
}
