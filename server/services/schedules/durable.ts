import { auditName } from "~/server/domain/audit/audit-name";
import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { KeptAnswer } from "~/server/ports/hot/answers";
import { auditDocument } from "../audit";
import type { Ctx } from "../ctx";
import { mayHaveBeenKept } from "../in-doubt";
import { type AwaitedRow, confirmations } from "./confirmations";

/** How long a call without a deadline waits for ClickHouse to confirm a write, ms. */
const DURABLE_TIMEOUT_MS = 8000;

/** Waits until ClickHouse has every row or the time is up. Returns the ids of the missing rows. */
export function unconfirmed(ctx: Ctx, rows: readonly AwaitedRow[]): Promise<Set<string>> {
  return confirmations(ctx.deps).waitFor(rows, ctx.deadline?.confirmMs() ?? DURABLE_TIMEOUT_MS);
}

/**
 * Deletes schedules that ClickHouse has not confirmed, each with an audit entry, and frees their names. Returns the ids
 * that may still exist, because somebody changed them meanwhile or Redis did not answer.
 *
 * @param answer written in the same call; only for a single schedule
 */
export async function undoCreates(ctx: Ctx, schedules: readonly Schedule[], answer?: KeptAnswer): Promise<Set<string>> {
  const { deps } = ctx;
  const puts = schedules.map((schedule) => ({
    schedule: {
      ...schedule,
      version: schedule.version + 1,
      state: { ...schedule.state, revision: schedule.state.revision + 1, deleted: true, nextExecution: null },
    },
    placement: { tier: "clickhouse" as const, nextExecution: null },
    expectedVersion: schedule.version,
    documents: [undoneEntry(ctx, schedule)],
    answer,
  }));
  const notUndone = new Set(schedules.map(({ scheduleId }) => scheduleId));
  try {
    const results = await deps.hot.putMany(puts);
    for (const [i, { status }] of results.entries()) {
      const { name, scheduleId } = schedules[i] as Schedule;
      if (status !== "stored" && status !== "deleted") continue;
      notUndone.delete(scheduleId);
      if (name !== null) await deps.hot.releaseName({ name, scheduleId });
    }
  } catch (error) {
    deps.log.warn({ err: error, schedules: [...notUndone] }, "could not undo unconfirmed creates");
  }
  return notUndone;
}

function undoneEntry(ctx: Ctx, schedule: Schedule) {
  const note = "ClickHouse did not confirm the schedule in time, so its creation was undone.";
  const target = { target: schedule.scheduleId, targetName: auditName(schedule) };
  return auditDocument(ctx, { action: "schedule.delete", ...target, note });
}

/** The error of a create that was undone because ClickHouse did not confirm it in time. */
export function notKept(): AppError {
  return new AppError(
    "clickhouse_unavailable",
    "The history store (ClickHouse) did not confirm the schedule in time, so it was not created. Try again.",
  );
}

/**
 * Waits until ClickHouse has a new schedule that is not placed in Redis. If ClickHouse does not confirm in time,
 * deletes the schedule, writes `answer` for its idempotency key, and throws `clickhouse_unavailable` or
 * `may_have_been_kept`.
 */
export async function durableOrUndone(ctx: Ctx, created: { schedule: Schedule; answer?: KeptAnswer }): Promise<void> {
  const { schedule, answer } = created;
  const missing = await unconfirmed(ctx, [{ scheduleId: schedule.scheduleId, revision: schedule.state.revision }]);
  if (missing.size === 0) return;
  throw (await undoCreates(ctx, [schedule], answer)).size === 0 ? notKept() : mayHaveBeenKept("The schedule");
}
