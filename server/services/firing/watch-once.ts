import { occurrenceKey } from "~/server/domain/ids";
import { nearOccurrences } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import { count } from "../counters";
import type { Deps } from "../ctx";
import { restoreLostRecurring, restoreLostWaiting } from "./restore-lost";
import { planEach, promoteEach } from "./unplannable";
import { lastWatch, storeWatch, type WatchReport } from "./watch-report";

/** An occurrence that has been due for less than this may still be in progress and is not looked for, ms. */
const CHECK_AFTER_MS = 30_000;
/** How far back the first check goes, ms. */
const FIRST_RANGE_MS = 15 * 60_000;
/** How far back a check goes at most, ms. */
const LONGEST_RANGE_MS = 3_600_000;
/** Maximum number of instances, and of outbox rows of a kind, to search. With more, no due schedule is restored. */
const SEARCH_LIMIT = 10_000;
/** Maximum number of keys of unexplained occurrences in the report. */
const KEPT_KEYS = 20;

/**
 * Checks that each occurrence that should have fired is in the hot tier, the outbox or the ledger, and restores those
 * that are in none.
 */
export async function watchOnce(deps: Deps): Promise<WatchReport> {
  const nowMs = await deps.hot.now();
  const toMs = nowMs - CHECK_AFTER_MS;
  const last = await lastWatch(deps);
  const fromMs = last === null ? toMs - FIRST_RANGE_MS : Math.max(Date.parse(last.until), toMs - LONGEST_RANGE_MS);
  const due = await watchDue(deps, { nowMs, beforeMs: toMs });
  const waiting = await restoreLostWaiting(deps, { fromMs });
  const recurring = await restoreLostRecurring(deps, { fromMs, toMs });
  const healed = waiting.healed + recurring.healed;
  const unexplained = [...waiting.unexplained, ...recurring.unexplained];
  const report: WatchReport = {
    at: new Date(nowMs).toISOString(),
    until: new Date(toMs).toISOString(),
    schedules: due.checked + recurring.schedules,
    occurrences: waiting.occurrences + recurring.occurrences,
    restored: due.restored,
    healed,
    unexplained: unexplained.slice(0, KEPT_KEYS),
    unexplainedCount: unexplained.length,
  };
  if (due.restored + healed + unexplained.length > 0) deps.log.warn({ ...report }, "watchdog found lost occurrences");
  await storeWatch(deps, report);
  await count(deps, { restored: due.restored, healed, unexplained: unexplained.length });
  return report;
}

/** Restores schedules of both tiers that are due, have no outcome and are missing in Redis. Idempotent. */
async function watchDue(
  deps: Deps,
  input: { nowMs: number; beforeMs: number },
): Promise<{ checked: number; restored: number }> {
  const { nowMs, beforeMs } = input;
  const report = { checked: 0, restored: 0 };
  const horizonMs = deps.settings.current().immediateHorizonSeconds * 1000;
  for await (const rows of deps.store.dueForRebuild({ beforeMs })) {
    report.checked += rows.length;
    const missing = await findMissing(deps, rows);
    if (missing.length === 0) continue;
    const step = "watch";
    const plan = (schedule: Schedule) => nearOccurrences(schedule, { nowMs, horizonMs });
    const planned = await planEach(deps, { schedules: missing, step, plan });
    const results = await promoteEach(deps, { rows: planned, step });
    report.restored += results.filter((result) => result === "promoted").length;
  }
  return report;
}

/**
 * Returns the schedules that are neither in Redis nor in the outbox, and whose next occurrence is not in the ledger.
 * Returns none if the search is incomplete.
 */
async function findMissing(deps: Deps, rows: readonly Schedule[]): Promise<Schedule[]> {
  const hot = await deps.hot.getMany(rows.map((row) => row.scheduleId));
  const missing = rows.filter((_, i) => hot[i] === null);
  if (missing.length === 0) return [];
  // Look in the order in which an occurrence moves through the stores, so that no move between two lookups hides it.
  const instances = await deps.hot.listInstances({ limit: SEARCH_LIMIT });
  const unflushed = await deps.hot.unflushed({ limit: SEARCH_LIMIT });
  const settled = await deps.store.settledKeys(
    missing.map((row) => occurrenceKey(row.scheduleId, row.state.nextExecution ?? 0)),
  );
  // The search was incomplete, so a schedule that was not found may be in Redis.
  if (!unflushed.complete || instances.length >= SEARCH_LIMIT) return [];
  const foundIds = new Set([
    ...instances.map((one) => one.schedule.scheduleId),
    ...unflushed.schedules.map((row) => row.scheduleId),
    ...unflushed.executions.map((row) => row.scheduleId),
  ]);
  return missing.filter(
    (row) => !foundIds.has(row.scheduleId) && !settled.has(occurrenceKey(row.scheduleId, row.state.nextExecution ?? 0)),
  );
}
