import type { KeptAnswer } from "~/server/adapters/redis/hot-tier-types";
import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { mayHaveBeenKept } from "./in-doubt";

/** How long a request waits for ClickHouse to confirm a write, ms. Other calls of the same request come on top. */
const DURABLE_TIMEOUT_MS = 8000;
const POLL_MS = 50;

/**
 * Waits until ClickHouse has every one of these rows (architecture: a long-term schedule is acknowledged only then). The recorder
 * writes several times a second, so this takes a few polls. Answers the ids that it has not confirmed within 8 s, or sooner where it is away.
 */
export async function unconfirmed(
  deps: Deps,
  rows: readonly { scheduleId: string; revision: number }[],
): Promise<Set<string>> {
  const deadline = performance.now() + DURABLE_TIMEOUT_MS;
  const waiting = new Map(rows.map((row) => [row.scheduleId, row.revision]));
  while (waiting.size > 0) {
    const leftMs = Math.max(0, deadline - performance.now());
    const found = await within(leftMs, deps.store.getSchedules([...waiting.keys()]).catch(whileAway));
    if (found === null) break;
    for (const row of found) {
      if (row.state.revision >= (waiting.get(row.scheduleId) ?? 0)) waiting.delete(row.scheduleId);
    }
    if (waiting.size === 0 || performance.now() > deadline) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return new Set(waiting.keys());
}

/** The answer, or null where it takes longer. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An unavailable store has confirmed nothing; any other error is a fault of ours. */
function whileAway(error: unknown): null {
  if (error instanceof AppError && error.status === 503) return null;
  throw error;
}

/**
 * Deletes schedules that ClickHouse has not confirmed, and frees their names: nothing half-written. Answers the ids that may be kept all the same,
 * because somebody changed them meanwhile or Redis did not answer. `answer`, of one schedule, goes with it.
 */
export async function takeBack(deps: Deps, schedules: readonly Schedule[], answer?: KeptAnswer): Promise<Set<string>> {
  const puts = schedules.map((schedule) => ({
    schedule: {
      ...schedule,
      version: schedule.version + 1,
      state: { ...schedule.state, revision: schedule.state.revision + 1, deleted: true, nextExecution: null },
    },
    placement: { tier: "clickhouse" as const, nextExecution: null },
    expectedVersion: schedule.version,
    answer,
  }));
  const kept = new Set(schedules.map(({ scheduleId }) => scheduleId));
  try {
    const results = await deps.hot.putMany(puts);
    for (const [i, { status }] of results.entries()) {
      const { name, scheduleId } = schedules[i] as Schedule;
      if (status !== "stored" && status !== "deleted") continue;
      kept.delete(scheduleId);
      if (name !== null) await deps.hot.releaseName({ name, scheduleId });
    }
  } catch (error) {
    deps.log.warn({ err: error, schedules: [...kept] }, "unconfirmed schedules not taken back");
  }
  return kept;
}

/** ClickHouse did not confirm a write in time, and it was taken back. */
export function notKept(): AppError {
  return new AppError(
    "clickhouse_unavailable",
    "The history store has not confirmed the schedule in time; nothing was kept. Try again.",
  );
}

/**
 * Waits for ClickHouse to have a new long-term schedule, and takes it back otherwise, with the answer kept for it.
 * Throws `clickhouse_unavailable`, `may_have_been_kept`.
 */
export async function durableOrUndone(deps: Deps, made: { schedule: Schedule; answer?: KeptAnswer }): Promise<void> {
  const { schedule, answer } = made;
  const missing = await unconfirmed(deps, [{ scheduleId: schedule.scheduleId, revision: schedule.state.revision }]);
  if (missing.size === 0) return;
  throw (await takeBack(deps, [schedule], answer)).size === 0 ? notKept() : mayHaveBeenKept("The schedule");
}
