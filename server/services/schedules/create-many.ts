import { AppError } from "~/server/domain/errors";
import { newScheduleId } from "~/server/domain/ids";
import { sparseParser } from "~/server/domain/parse";
import { type Schedule, ScheduleInput } from "~/server/domain/schedule";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { buildSchedule } from "./build";
import { placeNew, sourceOf } from "./create";
import { mayHaveBeenKept, notKept, takeBack, unconfirmed } from "./durable";
import type { CreateSchedulesInput } from "./inputs";
import { reserveName } from "./names";

export type BatchItem = { index: number; scheduleId: string } | { index: number; error: AppError };

/** Sound for this schema alone: none of its fields has a default, and none is required. */
const parseScheduleInput = sparseParser(ScheduleInput);

/**
 * Creates up to 1,000 schedules; each stands or falls alone, in the order of the input. One Redis call a shard and 500 items; waits once
 * for ClickHouse if any of them is long-term.
 */
export async function createSchedules(call: {
  ctx: Ctx;
  input: CreateSchedulesInput;
}): Promise<{ items: BatchItem[] }> {
  const { ctx, input } = call;
  const principal = requireRight(ctx, "write");
  const { deps } = ctx;
  const nowMs = deps.clock.now();
  const settings = deps.settings.current();
  const createdBy = principal.email ?? principal.name;
  const items: BatchItem[] = [];
  const ready: { index: number; schedule: Schedule }[] = [];
  for (const [index, raw] of input.items.entries()) {
    try {
      const definition = parseScheduleInput(raw);
      const schedule = buildSchedule(definition, {
        scheduleId: newScheduleId(),
        nowMs,
        settings,
        source: sourceOf(principal),
        sourceId: null,
        createdBy,
      });
      await reserveName(deps, schedule);
      ready.push({ index, schedule });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      items.push({ index, error });
    }
  }
  const puts = ready.map(({ schedule }) => ({ ...placeNew(deps, schedule, nowMs), expectedVersion: null }));
  const results = await deps.hot.putMany(puts);
  const far = new Map<string, Schedule>();
  for (const [i, result] of results.entries()) {
    const { index, schedule } = ready[i] as (typeof ready)[number];
    if (result.status !== "stored") {
      items.push({ index, error: new AppError("conflict", "The schedule exists already.") });
      continue;
    }
    if (result.schedule.state.tier === "clickhouse") far.set(schedule.scheduleId, result.schedule);
    items.push({ index, scheduleId: schedule.scheduleId });
  }
  const errors = await confirm(deps, far);
  const told = items.map((item) => {
    const error = "scheduleId" in item ? errors.get(item.scheduleId) : undefined;
    return error === undefined ? item : { index: item.index, error };
  });
  return { items: told.sort((a, b) => a.index - b.index) };
}

/** Waits for ClickHouse and takes back what it has not confirmed. Answers the error of each such schedule. */
async function confirm(deps: Deps, far: ReadonlyMap<string, Schedule>): Promise<Map<string, AppError>> {
  const rows = [...far.values()].map(({ scheduleId, state }) => ({ scheduleId, revision: state.revision }));
  const missing = [...(await unconfirmed(deps, rows))];
  if (missing.length === 0) return new Map();
  const kept = await takeBack(
    deps,
    missing.map((id) => far.get(id) as Schedule),
  );
  return new Map(missing.map((id) => [id, kept.has(id) ? mayHaveBeenKept("The schedule") : notKept()]));
}
