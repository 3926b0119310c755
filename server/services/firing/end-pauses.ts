import type { Ctx, Deps } from "../ctx";
import { findSchedule } from "../newest-schedules";
import { SYSTEM_PRINCIPAL } from "../principal";
import { storePauseEnd } from "../schedules/pause-ends";
import { toggleSchedule } from "../schedules/toggle";

/** Maximum number of pauses to end in one call, and schedules per query. */
const LIMIT = 500;
const LATEST_CLICKHOUSE_MS = Date.UTC(2299, 11, 31);

/** Resumes schedules whose pause has reached its end, by their own catch-up policy. Returns how many were resumed. */
export async function endPauses(deps: Deps): Promise<number> {
  const nowMs = await deps.hot.now();
  const ctx: Ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "pauses" };
  let resumed = 0;
  for (const scheduleId of await deps.pauseEnds.endingBy(nowMs, LIMIT)) {
    const row = await findSchedule(deps, scheduleId);
    const untilMs = row === null || row.enabled || row.state.deleted ? null : row.pausedUntil;
    // The schedule was paused again, and the index has the later end already.
    if (untilMs !== null && untilMs > nowMs) continue;
    if (untilMs !== null) {
      const input = { scheduleId, enabled: true, note: "the pause ended" };
      await toggleSchedule({ ctx, input, onBehalfOf: row?.pausedBy });
      resumed += 1;
    }
    await deps.pauseEnds.forget(scheduleId);
  }
  return resumed;
}

/** Restores the pause ends before `beforeMs` that were lost with Redis. */
export async function rememberPauses(deps: Deps, beforeMs = LATEST_CLICKHOUSE_MS): Promise<void> {
  const filter = { status: ["paused" as const], pausedUntilBefore: beforeMs };
  for (let cursor: string | undefined; ; ) {
    const query = { ...filter, sort: "created_at" as const, descending: true, limit: LIMIT, cursor };
    const { items, nextCursor } = await deps.store.listSchedules(query);
    for (const row of items) await storePauseEnd(deps, row);
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}
