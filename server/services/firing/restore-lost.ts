import type { InstanceInput } from "~/server/domain/changes/change";
import { isDataFault } from "~/server/domain/data-fault";
import { LEDGER_ROW_KIND } from "~/server/domain/document-kinds";
import { eventId, occurrenceKey } from "~/server/domain/ids";
import { cancelledExecution } from "~/server/domain/ledger";
import { isRecurring, occurrencesOf } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { findSchedules } from "../schedules/current";
import { readWaiting } from "./waiting";

const PAGE = 1000;
/** Maximum number of occurrences of one schedule to compare in a tick. The next tick compares more. */
const OCCURRENCES = 4000;
const UNFLUSHED_LIMIT = 10_000;
/** How long an occurrence is not restored a second time. */
const HEALED_TTL_MS = 86_400_000;

export interface GapReport {
  schedules: number;
  occurrences: number;
  /** Occurrences without an outcome and missing in Redis, which were restored. */
  healed: number;
  /** Keys of occurrences that are missing although they were restored before. */
  unexplained: string[];
}

interface Gap {
  schedule: Schedule;
  key: string;
  /** The instance that runs the occurrence again. */
  instance: InstanceInput;
  /** The schedule's current version number, if `schedule` may be an older version. */
  currentVersion?: number;
}

/**
 * Recomputes which occurrences of recurring schedules should have ended within a time range, and looks for each in
 * Redis, the outbox and the ledger. A missing one was lost with Redis while it waited for a retry: it runs as catch-up
 * or, if its schedule was deleted since, is recorded as cancelled.
 */
export async function watchGaps(deps: Deps, range: { fromMs: number; toMs: number }): Promise<GapReport> {
  const report: GapReport = { schedules: 0, occurrences: 0, healed: 0, unexplained: [] };
  for await (const rows of deps.store.recurringTouchedSince({ sinceMs: range.fromMs })) {
    report.schedules += rows.length;
    const decided = await decidedOccurrences(deps, rows, range);
    report.occurrences += decided.length;
    for (const gap of await findLostOccurrences(deps, decided)) {
      if (await putBack(deps, gap)) report.healed += 1;
      else report.unexplained.push(gap.key);
    }
  }
  return report;
}

/** Occurrences that have left the plan by a claim or a catch-up. Those in the plan are not lost, however late. */
async function decidedOccurrences(
  deps: Deps,
  rows: readonly Schedule[],
  range: { fromMs: number; toMs: number },
): Promise<Gap[]> {
  const hot = await deps.hot.getMany(rows.map((row) => row.scheduleId));
  const found: Gap[] = [];
  rows.forEach((row, i) => {
    const schedule = hot[i] ?? row;
    if (!isRecurring(schedule)) return;
    const decidedUntilMs = decidedUntil(schedule);
    if (decidedUntilMs === null) return;
    // Earlier occurrences belong to the plan before the last change of times.
    const afterMs = Math.max(range.fromMs, schedule.plannedSince ?? schedule.createdAt);
    const untilMs = Math.min(range.toMs, decidedUntilMs);
    if (untilMs <= afterMs) return;
    for (const { nominalMs, effectiveMs } of plannedOf(deps, schedule, { afterMs, untilMs })) {
      const key = occurrenceKey(schedule.scheduleId, nominalMs);
      const how = { trigger: "catch_up", actor: "watchdog", lane: "c" } as const;
      found.push({ schedule, key, instance: { key, nominalMs, effectiveMs, ...how } });
    }
  });
  return found;
}

/** Returns nothing for a schedule whose times cannot be computed: the next planning sets it aside. */
function plannedOf(
  deps: Deps,
  schedule: Schedule & { cronExpression: string },
  range: { afterMs: number; untilMs: number },
) {
  try {
    return occurrencesOf(schedule, { ...range, limit: OCCURRENCES });
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, scheduleId: schedule.scheduleId }, "could not compute the times of a schedule");
    return [];
  }
}

/** The time up to which occurrences have left the plan, by claims or by a pause or delete. Null if unknown. */
function decidedUntil(schedule: Schedule): number | null {
  // A completed schedule does not keep the time of its last planned run.
  if (schedule.state.completed) return null;
  if (schedule.state.deleted) return schedule.pausedAt ?? schedule.updatedAt;
  if (!schedule.enabled) return schedule.pausedAt;
  const nextMs = schedule.state.nextExecution;
  return nextMs === null ? null : nextMs - 1;
}

/**
 * Finds occurrences that are in no store. They move from Redis through the outbox into the ledger, so looking in that
 * order cannot miss one that moves between two lookups.
 */
async function findLostOccurrences(deps: Deps, decided: readonly Gap[]): Promise<Gap[]> {
  const withoutSettled = async (gaps: readonly Gap[]) => {
    const settled = await deps.store.settledKeys(gaps.map((gap) => gap.key));
    return gaps.filter((gap) => !settled.has(gap.key));
  };
  const suspects = await withoutSettled(decided);
  if (suspects.length === 0) return [];
  const waiting = await deps.hot.instances(suspects.map((gap) => gap.key));
  const unflushed = await deps.hot.unflushed({ limit: UNFLUSHED_LIMIT });
  // Too many outbox entries to search: leave the decision to the next tick.
  if (!unflushed.complete) return [];
  const onTheWay = new Set(unflushed.executions.map((row) => row.executionId));
  return withoutSettled(suspects.filter((gap) => !waiting.has(gap.key) && !onTheWay.has(eventId(gap.key))));
}

/** Restores an occurrence once. Two watchdogs may find the same gap at different times, so a mark guards it. */
async function putBack(deps: Deps, { schedule, key, instance, currentVersion }: Gap): Promise<boolean> {
  if (!(await deps.marks.set({ kind: "healed", key }, HEALED_TTL_MS))) return false;
  if (schedule.state.deleted) {
    const nowMs = await deps.hot.now();
    const row = cancelledExecution({ schedule, time: instance, nowMs, actor: "watchdog" });
    await deps.hot.append(
      LEDGER_ROW_KIND,
      JSON.stringify({ ...row, key, executionId: eventId(key), trigger: instance.trigger }),
    );
    return true;
  }
  await deps.hot.enqueue({ schedule, instance, currentVersion });
  return true;
}

/**
 * Finds and restores waiting occurrences (`storeWaiting`), including those of schedules that changed since, manual runs
 * and replays. Each runs with the schedule version that was current when it began to wait.
 */
export async function watchWaiting(deps: Deps, range: { fromMs: number }): Promise<Omit<GapReport, "schedules">> {
  const report = { occurrences: 0, healed: 0, unexplained: [] as string[] };
  let afterKey: string | undefined;
  for (;;) {
    const rows = await deps.store.waitingSince({ sinceMs: range.fromMs, afterKey, limit: PAGE });
    if (rows.length === 0) return report;
    afterKey = rows.at(-1)?.key;
    report.occurrences += rows.length;
    const stored = rows.flatMap((row) => readGap(deps, row));
    for (const gap of await findLostOccurrences(deps, await withCurrentState(deps, stored))) {
      if (await putBack(deps, gap)) report.healed += 1;
      else report.unexplained.push(gap.key);
    }
  }
}

function readGap(deps: Deps, row: { key: string; json: string }): Gap[] {
  try {
    return [{ ...readWaiting(row.json), key: row.key }];
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, key: row.key }, "could not read a waiting occurrence");
    return [];
  }
}

/** Gives each gap its schedule's current state: an old revision would be refused as stale. */
async function withCurrentState(deps: Deps, stored: readonly Gap[]): Promise<Gap[]> {
  const rows = await findSchedules(deps, [...new Set(stored.map(({ schedule }) => schedule.scheduleId))]);
  return stored.map((gap) => {
    const now = rows.get(gap.schedule.scheduleId);
    return now === undefined
      ? gap
      : { ...gap, schedule: { ...gap.schedule, state: now.state }, currentVersion: now.version };
  });
}
