import { occurrenceKey } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import { type Ctx, type Deps, SYSTEM_PRINCIPAL } from "../ctx";
import { toggleSchedule } from "../schedules/toggle";
import { planOf } from "./promote-once";

/** An occurrence this long past due without an outcome and without a place in Redis is unexplained. */
const UNEXPLAINED_AFTER_MS = 120_000;
const PAGE = 1000;
const UNFLUSHED_LIMIT = 10_000;

export interface WatchReport {
  checked: number;
  /** Due, without outcome, and not in Redis: put back. */
  healed: number;
  resumed: number;
}

/** Compares what should have fired with the ledger and the hot tier, puts missing entries back, ends pauses whose time is over. */
export async function watchOnce(deps: Deps): Promise<WatchReport> {
  const report: WatchReport = { checked: 0, healed: 0, resumed: 0 };
  report.resumed = await endPauses(deps);
  const nowMs = await deps.hot.now();
  const horizonMs = deps.settings.current().immediateHorizonSeconds * 1000;
  let afterId: string | undefined;
  for (;;) {
    const rows = await deps.store.dueForRebuild({ beforeMs: nowMs - UNEXPLAINED_AFTER_MS, afterId, limit: PAGE });
    if (rows.length === 0) return report;
    afterId = rows.at(-1)?.scheduleId;
    report.checked += rows.length;
    const lost = await unexplained(deps, rows);
    if (lost.length === 0) continue;
    const results = await deps.hot.promote(
      lost.map((schedule) => ({ schedule, plan: planOf(schedule, { nowMs, horizonMs }) })),
    );
    const healed = results.filter((result) => result === "promoted").length;
    report.healed += healed;
    deps.log.warn({ healed, ids: lost.slice(0, 10).map((s) => s.scheduleId) }, "due schedules were missing in Redis");
  }
}

/** Rows that neither Redis, nor the outbox, nor the ledger accounts for. */
async function unexplained(deps: Deps, rows: readonly Schedule[]): Promise<Schedule[]> {
  const hot = await deps.hot.getMany(rows.map((row) => row.scheduleId));
  const missing = rows.filter((_, i) => hot[i] === null);
  if (missing.length === 0) return [];
  const [settled, running, unflushed] = await Promise.all([
    deps.store.settledKeys(missing.map((row) => occurrenceKey(row.scheduleId, row.state.nextExecution ?? 0))),
    deps.hot.running({ limit: UNFLUSHED_LIMIT }),
    deps.hot.unflushed({ limit: UNFLUSHED_LIMIT }),
  ]);
  // More is on its way than can be looked through: say nothing rather than something wrong.
  if (!unflushed.complete || running.length >= UNFLUSHED_LIMIT) return [];
  const accounted = new Set([
    ...running.map((one) => one.schedule.scheduleId),
    ...unflushed.schedules.map((row) => row.scheduleId),
    ...unflushed.executions.map((row) => row.scheduleId),
  ]);
  return missing.filter(
    (row) =>
      !accounted.has(row.scheduleId) && !settled.has(occurrenceKey(row.scheduleId, row.state.nextExecution ?? 0)),
  );
}

async function endPauses(deps: Deps): Promise<number> {
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
