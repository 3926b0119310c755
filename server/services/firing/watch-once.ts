import { occurrenceKey } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import { count } from "../counters";
import type { Deps } from "../ctx";
import { planOf } from "./promote-once";
import { planEach, promoteEach } from "./unplannable";
import { watchGaps, watchWaiting } from "./watch-gaps";
import { keepWatch, lastWatch, type WatchReport } from "./watch-report";

/** What is due for this long is looked for; before that its outcome may be under way. */
const LOOK_AFTER_MS = 30_000;
/** The first look of all, and one after a longer outage, goes back this far. */
const FIRST_LOOK_MS = 15 * 60_000;
const LONGEST_LOOK_MS = 3_600_000;
const UNFLUSHED_LIMIT = 10_000;

/** Compares what should have fired with the ledger and the hot tier, and puts back what is provably missing. */
export async function watchOnce(deps: Deps): Promise<WatchReport> {
  const nowMs = await deps.hot.now();
  const toMs = nowMs - LOOK_AFTER_MS;
  const last = await lastWatch(deps);
  const fromMs = last === null ? toMs - FIRST_LOOK_MS : Math.max(Date.parse(last.until), toMs - LONGEST_LOOK_MS);
  const due = await watchDue(deps, { nowMs, beforeMs: toMs });
  const waiting = await watchWaiting(deps, { fromMs });
  const gaps = await watchGaps(deps, { fromMs, toMs });
  const healed = waiting.healed + gaps.healed;
  const unexplained = [...waiting.unexplained, ...gaps.unexplained];
  const report: WatchReport = {
    at: new Date(nowMs).toISOString(),
    until: new Date(toMs).toISOString(),
    schedules: due.checked + gaps.schedules,
    occurrences: waiting.occurrences + gaps.occurrences,
    restored: due.restored,
    healed,
    unexplained: unexplained.slice(0, 20),
  };
  if (due.restored + healed + unexplained.length > 0) deps.log.warn({ ...report }, "the watchdog found gaps");
  await keepWatch(deps, report);
  await count(deps, { restored: due.restored, healed, unexplained: unexplained.length });
  return report;
}

/** Schedules of both tiers that are due, without outcome, and not in Redis: they are put back, idempotently. */
async function watchDue(
  deps: Deps,
  given: { nowMs: number; beforeMs: number },
): Promise<{ checked: number; restored: number }> {
  const { nowMs, beforeMs } = given;
  const report = { checked: 0, restored: 0 };
  const horizonMs = deps.settings.current().immediateHorizonSeconds * 1000;
  for await (const rows of deps.store.dueForRebuild({ beforeMs })) {
    report.checked += rows.length;
    const lost = await unexplained(deps, rows);
    if (lost.length === 0) continue;
    const step = "watch";
    const plan = (schedule: Schedule) => planOf(schedule, { nowMs, horizonMs });
    const planned = await planEach(deps, { schedules: lost, step, plan });
    const results = await promoteEach(deps, { rows: planned, step });
    report.restored += results.filter((result) => result === "promoted").length;
  }
  return report;
}

/** Rows that neither Redis, nor the outbox, nor the ledger accounts for. */
async function unexplained(deps: Deps, rows: readonly Schedule[]): Promise<Schedule[]> {
  const hot = await deps.hot.getMany(rows.map((row) => row.scheduleId));
  const missing = rows.filter((_, i) => hot[i] === null);
  if (missing.length === 0) return [];
  // In the order in which an occurrence travels: one that is found nowhere was not between two of these looks.
  const running = await deps.hot.running({ limit: UNFLUSHED_LIMIT });
  const unflushed = await deps.hot.unflushed({ limit: UNFLUSHED_LIMIT });
  const settled = await deps.store.settledKeys(
    missing.map((row) => occurrenceKey(row.scheduleId, row.state.nextExecution ?? 0)),
  );
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
