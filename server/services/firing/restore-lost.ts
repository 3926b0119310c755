import type { InstanceInput } from "~/server/domain/changes/change";
import { isDataFault } from "~/server/domain/data-fault";
import { LEDGER_ROW_KIND } from "~/server/domain/document-kinds";
import { eventId, occurrenceKey } from "~/server/domain/ids";
import { cancelledExecution } from "~/server/domain/ledger";
import { isRecurring, occurrencesOf } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { findSchedules } from "../newest-schedules";
import { readWaiting } from "./waiting";

/** Waiting occurrences per query. */
const PAGE = 1000;
/** Maximum number of occurrences of one schedule to check. The longest range, an hour, has fewer. */
const MAX_OCCURRENCES = 4000;
/** Maximum number of schedule rows, and of ledger rows, to search in the outbox. With more, nothing is restored. */
const UNFLUSHED_LIMIT = 10_000;
/** For this time after a restore, the same occurrence is not restored again, ms. */
const HEALED_TTL_MS = 86_400_000;

export interface LossReport {
  schedules: number;
  occurrences: number;
  /** Lost occurrences that were restored or, if their schedule was deleted, recorded as cancelled. */
  healed: number;
  /** Keys of occurrences that are missing although they were restored before. */
  unexplained: string[];
}

/** An occurrence that must be in Redis, in the outbox or in the ledger. */
interface Expected {
  schedule: Schedule;
  key: string;
  /** The instance that runs the occurrence again. */
  instance: InstanceInput;
  /** The schedule's current version number, if `schedule` may be an older version. */
  currentVersion?: number;
}

/**
 * Recomputes the occurrences of recurring schedules that were due in a time range and are no longer in the plan, and
 * looks for each in Redis, the outbox and the ledger. A missing occurrence was lost with Redis while it was claimed,
 * held or waiting for a retry. It runs as catch-up or, if its schedule was deleted since, is recorded as cancelled.
 */
export async function restoreLostRecurring(deps: Deps, range: { fromMs: number; toMs: number }): Promise<LossReport> {
  const report: LossReport = { schedules: 0, occurrences: 0, healed: 0, unexplained: [] };
  for await (const rows of deps.store.recurringTouchedSince({ sinceMs: range.fromMs })) {
    report.schedules += rows.length;
    const expected = await expectedOccurrences(deps, rows, range);
    report.occurrences += expected.length;
    for (const lost of await findLost(deps, expected)) {
      if (await putBack(deps, lost)) report.healed += 1;
      else report.unexplained.push(lost.key);
    }
  }
  return report;
}

/** Returns the occurrences that are no longer in the plan. An occurrence in the plan is not lost, however late. */
async function expectedOccurrences(
  deps: Deps,
  rows: readonly Schedule[],
  range: { fromMs: number; toMs: number },
): Promise<Expected[]> {
  const hot = await deps.hot.getMany(rows.map((row) => row.scheduleId));
  const found: Expected[] = [];
  rows.forEach((row, i) => {
    const schedule = hot[i] ?? row;
    if (!isRecurring(schedule)) return;
    const leftPlanUntilMs = leftPlanUntil(schedule);
    if (leftPlanUntilMs === null) return;
    // Earlier occurrences belong to the plan before the last change of times.
    const afterMs = Math.max(range.fromMs, schedule.plannedSince ?? schedule.createdAt);
    const untilMs = Math.min(range.toMs, leftPlanUntilMs);
    if (untilMs <= afterMs) return;
    for (const { nominalMs, effectiveMs } of plannedOf(deps, schedule, { afterMs, untilMs })) {
      const key = occurrenceKey(schedule.scheduleId, nominalMs);
      const how = { trigger: "catch_up", actor: "watchdog", lane: "c" } as const;
      found.push({ schedule, key, instance: { key, nominalMs, effectiveMs, ...how } });
    }
  });
  return found;
}

/** Returns none if the times cannot be computed. The next planning then pauses the schedule. */
function plannedOf(
  deps: Deps,
  schedule: Schedule & { cronExpression: string },
  range: { afterMs: number; untilMs: number },
) {
  try {
    return occurrencesOf(schedule, { ...range, limit: MAX_OCCURRENCES });
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, scheduleId: schedule.scheduleId }, "could not compute the times of a schedule");
    return [];
  }
}

/** Occurrences up to this time are no longer in the plan, epoch ms. Null if the time is unknown. */
function leftPlanUntil(schedule: Schedule): number | null {
  // A completed schedule does not keep the time of its last planned run.
  if (schedule.state.completed) return null;
  if (schedule.state.deleted) return schedule.pausedAt ?? schedule.updatedAt;
  if (!schedule.enabled) return schedule.pausedAt;
  const nextMs = schedule.state.nextExecution;
  return nextMs === null ? null : nextMs - 1;
}

/**
 * Finds occurrences that are in no store. An occurrence moves from Redis through the outbox into the ledger, so looking
 * in that order cannot miss an occurrence that moves between two lookups.
 */
async function findLost(deps: Deps, expected: readonly Expected[]): Promise<Expected[]> {
  const withoutSettled = async (all: readonly Expected[]) => {
    const settled = await deps.store.settledKeys(all.map((one) => one.key));
    return all.filter((one) => !settled.has(one.key));
  };
  // First drop occurrences that are in the ledger: nearly all are. The last line reads the ledger again.
  const suspects = await withoutSettled(expected);
  if (suspects.length === 0) return [];
  const inRedis = await deps.hot.instances(suspects.map((one) => one.key));
  const unflushed = await deps.hot.unflushed({ limit: UNFLUSHED_LIMIT });
  // Too many rows to search in the outbox: leave the decision to the next tick.
  if (!unflushed.complete) return [];
  const inOutbox = new Set(unflushed.executions.map((row) => row.executionId));
  return withoutSettled(suspects.filter(({ key }) => !inRedis.has(key) && !inOutbox.has(eventId(key))));
}

/** The name under which the shard stores that an occurrence was restored. */
export const healedAnswer = (key: string): string => `healed:${key}`;

/**
 * Restores an occurrence. Returns false if it was restored within `HEALED_TTL_MS`, so that it does not run twice, or
 * if it cannot be stored, because its data is bad.
 */
async function putBack(deps: Deps, lost: Expected): Promise<boolean> {
  try {
    return await (lost.schedule.state.deleted ? recordCancelled(deps, lost) : enqueueRestored(deps, lost));
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, key: lost.key }, "could not restore a lost occurrence");
    return false;
  }
}

/** Once its row is in the outbox, the occurrence is no longer lost, so it needs no mark. */
async function recordCancelled(deps: Deps, { schedule, key, instance }: Expected): Promise<true> {
  const nowMs = await deps.hot.now();
  const row = cancelledExecution({ schedule, time: instance, nowMs, actor: "watchdog" });
  await deps.hot.append(
    LEDGER_ROW_KIND,
    JSON.stringify({ ...row, key, executionId: eventId(key), trigger: instance.trigger }),
  );
  return true;
}

async function enqueueRestored(deps: Deps, lost: Expected): Promise<boolean> {
  const { schedule, key, instance, currentVersion } = lost;
  // The answer is stored together with the occurrence. A mark set before would prevent the next try if this one fails.
  const answer = { name: healedAnswer(key), value: "restored", ttlMs: HEALED_TTL_MS };
  const added = await deps.hot.enqueueOnce({ schedule, instance, currentVersion, answer });
  return added.status !== "answered";
}

/**
 * Finds and restores lost occurrences among those that `storeWaiting` stored. Each runs with the version of the
 * schedule that was current when the occurrence began to wait or, if its schedule was deleted since, is recorded as
 * cancelled.
 */
export async function restoreLostWaiting(
  deps: Deps,
  range: { fromMs: number },
): Promise<Omit<LossReport, "schedules">> {
  const report = { occurrences: 0, healed: 0, unexplained: [] as string[] };
  let afterKey: string | undefined;
  for (;;) {
    const rows = await deps.store.waitingSince({ sinceMs: range.fromMs, afterKey, limit: PAGE });
    if (rows.length === 0) return report;
    afterKey = rows.at(-1)?.key;
    report.occurrences += rows.length;
    const stored = rows.flatMap((row) => readExpected(deps, row));
    for (const lost of await findLost(deps, await withCurrentState(deps, stored))) {
      if (await putBack(deps, lost)) report.healed += 1;
      else report.unexplained.push(lost.key);
    }
  }
}

function readExpected(deps: Deps, row: { key: string; json: string }): Expected[] {
  try {
    return [{ ...readWaiting(row.json), key: row.key }];
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, key: row.key }, "could not read a waiting occurrence");
    return [];
  }
}

/** Gives each occurrence the current state of its schedule, because Redis would refuse an old revision as stale. */
async function withCurrentState(deps: Deps, stored: readonly Expected[]): Promise<Expected[]> {
  const rows = await findSchedules(deps, [...new Set(stored.map(({ schedule }) => schedule.scheduleId))]);
  return stored.map((one) => {
    const current = rows.get(one.schedule.scheduleId);
    return current === undefined
      ? one
      : { ...one, schedule: { ...one.schedule, state: current.state }, currentVersion: current.version };
  });
}
