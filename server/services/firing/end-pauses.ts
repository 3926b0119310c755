import { type Ctx, type Deps, SYSTEM_PRINCIPAL } from "../ctx";
import { findSchedule } from "../schedules/current";
import { notePauseEnd } from "../schedules/pause-ends";
import { toggleSchedule } from "../schedules/toggle";

const LIMIT = 500;
/** The end of ClickHouse's range of times. */
const FAR_MS = Date.UTC(2299, 11, 31);

/** Resumes schedules whose pause has ended, each by its own catch-up policy. Returns how many were resumed. */
export async function endPauses(deps: Deps): Promise<number> {
  const nowMs = await deps.hot.now();
  const ctx: Ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "pauses" };
  let resumed = 0;
  for (const scheduleId of await deps.pauseEnds.endedBy(nowMs, LIMIT)) {
    const row = await findSchedule(deps, scheduleId);
    const untilMs = row === null || row.enabled || row.state.deleted ? null : row.pausedUntil;
    // Paused again until later: that pause has its own entry.
    if (untilMs !== null && untilMs > nowMs) continue;
    if (untilMs !== null) {
      await toggleSchedule({ ctx, input: { scheduleId, enabled: true, note: "the pause ended" } });
      resumed += 1;
    }
    await deps.pauseEnds.forget(scheduleId);
  }
  return resumed;
}

/** Restores pause ends that a lost Redis forgot: all of them, or those due by `beforeMs` (epoch ms). */
export async function rememberPauses(deps: Deps, beforeMs = FAR_MS): Promise<void> {
  const filter = { status: ["paused" as const], pausedUntilBefore: beforeMs };
  for (let cursor: string | undefined; ; ) {
    const query = { ...filter, sort: "created_at" as const, descending: true, limit: LIMIT, cursor };
    const { items, nextCursor } = await deps.store.listSchedules(query);
    for (const row of items) await notePauseEnd(deps, row);
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}
