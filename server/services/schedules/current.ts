import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";

/** How many unflushed rows are laid over what ClickHouse says. */
export const OVERLAY_LIMIT = 2000;

/**
 * The newest row of a schedule, wherever it is: the hot tier, the outbox, ClickHouse. Throws `not_found` for an unknown or
 * deleted one.
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
  const [[hot], [fence]] = await Promise.all([deps.hot.getMany([scheduleId]), deps.hot.fences([scheduleId])]);
  if (hot) return hot;
  // No fence: ClickHouse either has the newest row, or the row was born in Redis and left it within the last moments.
  const stored = await deps.store.getSchedule(scheduleId);
  if (stored !== null && (!fence || stored.state.revision >= fence.revision) && !mayHaveFired(stored)) return stored;
  const { schedules } = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const onTheWay = schedules
    .filter((row) => row.scheduleId === scheduleId)
    .reduce<Schedule | null>((a, b) => newerOf(a, b), null);
  // ClickHouse once more, behind the outbox: a row may have gone from the one to the other between the two looks.
  const newest = newerOf(onTheWay, onTheWay === null ? await deps.store.getSchedule(scheduleId) : stored);
  if (fence && (newest?.state.revision ?? -1) < fence.revision) {
    throw new AppError(
      "clickhouse_unavailable",
      "The newest state of this schedule is still on its way to the history store. Try again.",
    );
  }
  return newest;
}

function newerOf(a: Schedule | null, b: Schedule | null): Schedule | null {
  if (a === null || b === null) return a ?? b;
  return b.state.revision > a.state.revision ? b : a;
}

/** The newest rows of many, deleted ones as they are; those that nobody knows are left out. */
export async function findSchedules(deps: Deps, ids: readonly string[]): Promise<Map<string, Schedule>> {
  const found = new Map<string, Schedule>();
  const [hot, fences] = await Promise.all([deps.hot.getMany(ids), deps.hot.fences(ids)]);
  const elsewhere = ids.filter((id, i) => {
    const row = hot[i];
    if (row) found.set(id, row);
    return !row;
  });
  const stored = new Map((await deps.store.getSchedules(elsewhere)).map((row) => [row.scheduleId, row]));
  const fenceOf = new Map(ids.map((id, i) => [id, fences[i]]));
  for (const id of elsewhere) {
    const row = stored.get(id);
    const behind = (fenceOf.get(id)?.revision ?? 0) > (row?.state.revision ?? -1);
    const newest = row === undefined || behind || mayHaveFired(row) ? await findSchedule(deps, id) : row;
    if (newest !== null) found.set(id, newest);
  }
  return found;
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
