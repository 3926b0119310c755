import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import { isInScope } from "~/server/domain/scope";
import { isSelfTest } from "~/server/domain/self-test";
import type { Deps } from "./ctx";
import { unscopedDeps } from "./scope";

/** Maximum number of outbox rows of a kind to overlay on an answer from ClickHouse. */
export const OVERLAY_LIMIT = 2000;

/**
 * Returns the newest row of a schedule, which may be deleted, from the hot tier, the outbox or ClickHouse. Null for an
 * unknown id, and for a schedule outside of the caller's scope.
 */
export async function findSchedule(deps: Deps, scheduleId: string): Promise<Schedule | null> {
  return (await findSchedules(deps, [scheduleId])).get(scheduleId) ?? null;
}

type StoreDeps = Pick<Deps, "hot" | "store">;

/**
 * Returns the newest rows of schedules, including deleted rows. Omits unknown ids, self-tests and schedules outside of
 * the caller's scope. Throws `clickhouse_unavailable` if a newer revision exists but cannot be read.
 */
export async function findSchedules(
  deps: StoreDeps & Pick<Deps, "scope"> & { unscoped?: StoreDeps },
  wanted: readonly string[],
): Promise<Map<string, Schedule>> {
  // Only the newest row decides about the scope, because an older row may have another topic.
  const found = await newestSchedules(unscopedDeps<StoreDeps>(deps), wanted);
  if (deps.scope === undefined) return found;
  return new Map([...found].filter(([, { topic }]) => isInScope(deps.scope, topic)));
}

async function newestSchedules(deps: StoreDeps, wanted: readonly string[]): Promise<Map<string, Schedule>> {
  const ids = wanted.filter((id) => !isSelfTest(id));
  const found = new Map<string, Schedule>();
  const [hot, fences] = await Promise.all([deps.hot.getMany(ids), deps.hot.fences(ids)]);
  const notHot = ids.filter((id, i) => {
    const row = hot[i];
    if (row) found.set(id, row);
    return !row;
  });
  const fenced = new Map(ids.map((id, i) => [id, fences[i]?.revision ?? -1]));
  const isBehind = (id: string, row: Schedule | undefined) => (row?.state.revision ?? -1) < (fenced.get(id) ?? -1);
  const stored = await storedSchedules(deps, notHot);
  // Without a fence, ClickHouse has the newest row, unless the schedule was created in Redis and has just fired.
  const unsure = notHot.filter((id) => {
    const row = stored.get(id);
    const isNewest = row !== undefined && !isBehind(id, row) && !mayHaveFired(row);
    if (isNewest) found.set(id, row);
    return !isNewest;
  });
  if (unsure.length === 0) return found;
  const unflushed = await newestUnflushed(deps);
  // Read ClickHouse again, because a row may have moved there before the outbox was read.
  const again = await storedSchedules(
    deps,
    unsure.filter((id) => !unflushed.has(id)),
  );
  for (const id of unsure) {
    const newest = newerOf(unflushed.get(id), again.get(id) ?? stored.get(id));
    if (isBehind(id, newest)) {
      throw new AppError(
        "clickhouse_unavailable",
        "The newest state of this schedule has not reached the history store (ClickHouse) yet. Try again.",
      );
    }
    if (newest !== undefined) found.set(id, newest);
  }
  return found;
}

async function storedSchedules(deps: StoreDeps, ids: readonly string[]): Promise<Map<string, Schedule>> {
  if (ids.length === 0) return new Map();
  return new Map((await deps.store.getSchedules(ids)).map((row) => [row.scheduleId, row]));
}

async function newestUnflushed(deps: StoreDeps): Promise<Map<string, Schedule>> {
  const { schedules } = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  return new Map(schedules.map((row) => [row.scheduleId, row]));
}

function newerOf(a: Schedule | undefined, b: Schedule | undefined): Schedule | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.state.revision > a.state.revision ? b : a;
}

/** Whether a schedule that is not in Redis may have fired, so that its newest row may be in the outbox. */
function mayHaveFired(stored: Schedule): boolean {
  return stored.state.tier === "redis" && !stored.state.completed && !stored.state.deleted;
}
