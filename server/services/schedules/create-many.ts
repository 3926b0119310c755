import { AppError } from "~/server/domain/errors";
import { newScheduleId, sourceScheduleId } from "~/server/domain/ids";
import { sparseParser } from "~/server/domain/parse";
import { type Schedule, ScheduleInput } from "~/server/domain/schedule";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { keyedRequest, once } from "../idempotency";
import { buildSchedule } from "./build";
import { notKept, takeBack, unconfirmed } from "./durable";
import { inDoubt, kept, mayHaveBeenKept } from "./in-doubt";
import type { CreateSchedulesInput } from "./inputs";
import { releaseUnused, reserveName } from "./names";
import { placeNew, sourceOf } from "./new-schedule";

export type BatchItem = { index: number; scheduleId: string } | { index: number; error: AppError };

/** Sound for this schema alone: none of its fields has a default, and none is required. */
const parseScheduleInput = sparseParser(ScheduleInput);

/** As it is kept under an idempotency key. */
type PlainItem = { index: number; scheduleId: string } | { index: number; error: Pick<AppError, PlainField> };
type PlainField = "code" | "message" | "faults" | "details";

/**
 * Creates up to 1,000 schedules; each stands or falls alone, in the order of the input. One Redis call a shard and 500 items; waits once
 * for ClickHouse if any of them is long-term.
 */
export async function createSchedules(call: {
  ctx: Ctx;
  input: CreateSchedulesInput;
}): Promise<{ items: BatchItem[] }> {
  const { ctx, input } = call;
  requireRight(ctx, "write");
  const request = input.items;
  const keyed = keyedRequest({ ctx, call: "schedule.create_many", key: input.idempotencyKey, request });
  const plain = await once({ ctx, keyed }, async (seed) => (await createEach(call, seed)).map(plainOf));
  return { items: plain.map(itemOf) };
}

function plainOf(item: BatchItem): PlainItem {
  if ("scheduleId" in item) return item;
  const { code, message, faults, details } = item.error;
  return { index: item.index, error: { code, message, faults, details } };
}

function itemOf(item: PlainItem): BatchItem {
  if ("scheduleId" in item) return item;
  const { code, message, ...more } = item.error;
  return { index: item.index, error: new AppError(code, message, more) };
}

/** With a seed, the same items are the same schedules: what an earlier try has stored counts as made. */
async function createEach(call: { ctx: Ctx; input: CreateSchedulesInput }, seed: string | null): Promise<BatchItem[]> {
  const { ctx, input } = call;
  const { deps } = ctx;
  const principal = requireRight(ctx, "write");
  const nowMs = deps.clock.now();
  const settings = deps.settings.current();
  const createdBy = principal.email ?? principal.name;
  const items: BatchItem[] = [];
  const ready: { index: number; schedule: Schedule }[] = [];
  for (const [index, raw] of input.items.entries()) {
    try {
      // The border has found it bad already, in a way that its parsed value does not show.
      if (raw instanceof AppError) throw raw;
      const definition = parseScheduleInput(raw);
      const schedule = buildSchedule(definition, {
        scheduleId: seed === null ? newScheduleId() : sourceScheduleId("idempotency", `${seed}:${index}`),
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
  const puts = ready.map(({ schedule }) => ({ ...placeNew({ schedule, nowMs, settings }), expectedVersion: null }));
  const results = await inDoubt("Some of the schedules", deps.hot.putMany(puts)).catch(async (error) => {
    if (!kept(error)) for (const { schedule } of ready) await releaseUnused(deps, schedule);
    throw error;
  });
  const far = new Map<string, Schedule>();
  for (const [i, result] of results.entries()) {
    const { index, schedule } = ready[i] as (typeof ready)[number];
    if (result.status === "exists" && seed !== null) {
      items.push({ index, scheduleId: schedule.scheduleId });
      continue;
    }
    if (result.status !== "stored") {
      items.push({ index, error: new AppError("conflict", "The schedule exists already.") });
      continue;
    }
    if (result.schedule.state.tier === "clickhouse") far.set(schedule.scheduleId, result.schedule);
    items.push({ index, scheduleId: schedule.scheduleId });
  }
  const errors = await confirm(ctx, far);
  const told = items.map((item) => {
    const error = "scheduleId" in item ? errors.get(item.scheduleId) : undefined;
    return error === undefined ? item : { index: item.index, error };
  });
  return told.sort((a, b) => a.index - b.index);
}

/** Waits for ClickHouse and takes back what it has not confirmed. Answers the error of each such schedule. */
async function confirm(ctx: Ctx, far: ReadonlyMap<string, Schedule>): Promise<Map<string, AppError>> {
  const rows = [...far.values()].map(({ scheduleId, state }) => ({ scheduleId, revision: state.revision }));
  const missing = [...(await unconfirmed(ctx, rows))];
  if (missing.length === 0) return new Map();
  const kept = await takeBack(
    ctx.deps,
    missing.map((id) => far.get(id) as Schedule),
  );
  return new Map(missing.map((id) => [id, kept.has(id) ? mayHaveBeenKept("The schedule") : notKept()]));
}
