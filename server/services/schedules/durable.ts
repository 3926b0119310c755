import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { KeptAnswer } from "~/server/ports/hot/answers";
import type { Ctx, Deps } from "../ctx";
import { mayHaveBeenKept } from "../in-doubt";
import { type AwaitedRow, confirmations } from "./confirmations";

/** How long a call without a deadline waits for ClickHouse to confirm a write, ms. */
const DURABLE_TIMEOUT_MS = 8000;

/**
 * Waits until ClickHouse has every one of these rows (architecture: a long-term schedule is acknowledged only then).
 * The recorder writes several times a second. Answers the ids that it has not confirmed within 8 s, or before the
 * request's deadline.
 */
export function unconfirmed(ctx: Ctx, rows: readonly AwaitedRow[]): Promise<Set<string>> {
  return confirmations(ctx.deps).missing(rows, ctx.deadline?.confirmMs() ?? DURABLE_TIMEOUT_MS);
}

/**
 * Deletes schedules that ClickHouse has not confirmed, and frees their names: nothing half-written. Answers the ids
 * that may be kept all the same, because somebody changed them meanwhile or Redis did not answer. `answer`, of one
 * schedule, goes with it.
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
export async function durableOrUndone(ctx: Ctx, made: { schedule: Schedule; answer?: KeptAnswer }): Promise<void> {
  const { schedule, answer } = made;
  const missing = await unconfirmed(ctx, [{ scheduleId: schedule.scheduleId, revision: schedule.state.revision }]);
  if (missing.size === 0) return;
  throw (await takeBack(ctx.deps, [schedule], answer)).size === 0 ? notKept() : mayHaveBeenKept("The schedule");
}
