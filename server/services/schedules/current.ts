import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import { isSelfTest } from "~/server/domain/self-test";
import type { Deps } from "../ctx";

/** How many unflushed rows are laid over what ClickHouse says. */
export const OVERLAY_LIMIT = 2000;

/**
 * The newest row of a schedule, wherever it is: the hot tier, the outbox, ClickHouse. Throws `not_found` for an unknown
 * or deleted one.
 */
export async function currentSchedule(deps: Deps, scheduleId: string): Promise<Schedule> {
  const found = await findSchedule(deps, scheduleId);
  if (found === null || found.state.deleted) {
    throw new AppError("not_found", `No schedule has the id ${scheduleId}.`);
  }
  return found;
}

/** As `currentSchedule`, but answers null, and gives deleted rows as they are. */
export async function findSchedule(deps: Deps, scheduleId: string): Promise<Schedule | null> {
  return (await findSchedules(deps, [scheduleId])).get(scheduleId) ?? null;
}

/**
 * The newest rows of many, deleted ones as they are; those that nobody knows are left out. Throws
 * `clickhouse_unavailable` where a newer row is known of that is nowhere to be read.
 */
export async function findSchedules(deps: Deps, wanted: readonly string[]): Promise<Map<string, Schedule>> {
  const ids = wanted.filter((id) => !isSelfTest(id));
  const found = new Map<string, Schedule>();
  const [hot, fences] = await Promise.all([deps.hot.getMany(ids), deps.hot.fences(ids)]);
  const elsewhere = ids.filter((id, i) => {
    const row = hot[i];
    if (row) found.set(id, row);
    return !row;
  });
  const revisions = new Map(ids.map((id, i) => [id, fences[i]?.revision ?? -1]));
  const isBehind = (id: string, row: Schedule | undefined) => (row?.state.revision ?? -1) < (revisions.get(id) ?? -1);
  const stored = await storedSchedules(deps, elsewhere);
  // No fence: ClickHouse either has the newest row, or the row was born in Redis and left it within the last moments.
  const unsure = elsewhere.filter((id) => {
    const row = stored.get(id);
    const isSure = row !== undefined && !isBehind(id, row) && !mayHaveFired(row);
    if (isSure) found.set(id, row);
    return !isSure;
  });
  if (unsure.length === 0) return found;
  const onTheWay = await newestUnflushed(deps);
  // ClickHouse once more, behind the outbox: a row may have gone from the one to the other between the two looks.
  const again = await storedSchedules(
    deps,
    unsure.filter((id) => !onTheWay.has(id)),
  );
  for (const id of unsure) {
    const newest = newerOf(onTheWay.get(id), again.get(id) ?? stored.get(id));
    if (isBehind(id, newest)) {
      throw new AppError(
        "clickhouse_unavailable",
        "The newest state of this schedule is still on its way to the history store. Try again.",
      );
    }
    if (newest !== undefined) found.set(id, newest);
  }
  return found;
}

async function storedSchedules(deps: Deps, ids: readonly string[]): Promise<Map<string, Schedule>> {
  if (ids.length === 0) return new Map();
  return new Map((await deps.store.getSchedules(ids)).map((row) => [row.scheduleId, row]));
}

async function newestUnflushed(deps: Deps): Promise<Map<string, Schedule>> {
  const { schedules } = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  // It has one row of each.
  return new Map(schedules.map((row) => [row.scheduleId, row]));
}

function newerOf(a: Schedule | undefined, b: Schedule | undefined): Schedule | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.state.revision > a.state.revision ? b : a;
}

/** A hot row that Redis does not hold any more has fired; its end may still be on its way to ClickHouse. */
function mayHaveFired(stored: Schedule): boolean {
  return stored.state.tier === "redis" && !stored.state.completed && !stored.state.deleted;
}

/** `version_stale` with the current version, if the caller edited another one. */
export function requireVersion(current: Schedule, expected: number | undefined): void {
  if (expected !== undefined && expected !== current.version) throw staleVersion(expected, current.version);
}

/** The error of an edit of a version that is not the newest any more. */
export function staleVersion(expected: number | undefined, currentVersion: number): AppError {
  return new AppError(
    "version_stale",
    `The schedule is at version ${currentVersion}${expected === undefined ? "" : `, not ${expected}`}; load it and apply your change again.`,
    { details: { currentVersion } },
  );
}
