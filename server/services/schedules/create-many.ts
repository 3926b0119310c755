import { AppError } from "~/server/domain/errors";
import { sourceScheduleId } from "~/server/domain/ids";
import { sparseParser } from "~/server/domain/parse";
import { type Schedule, ScheduleInput } from "~/server/domain/schedule";
import { newScheduleId } from "~/server/new-schedule-id";
import { requireRight } from "../access/require-right";
import { auditDocument } from "../audit";
import type { Ctx } from "../ctx";
import { keyedRequest, once } from "../idempotency";
import { inDoubt, leavesOutcomeOpen, mayHaveBeenKept } from "../in-doubt";
import { sealContent } from "../protection/seal";
import { recordRefusal } from "../refusals";
import { buildSchedule } from "./build";
import { notKept, unconfirmed, undoCreates } from "./durable";
import type { CreateSchedulesInput } from "./inputs";
import { releaseUnused, reserveName } from "./names";
import { needsEnd, placeNew, sourceOf } from "./new-schedule";

export type BatchItem = { index: number; scheduleId: string } | { index: number; error: AppError };

/** Maximum number of ids derived for one item. A repeat skips the ids of deleted schedules. */
const MAX_ATTEMPTS = 100;

/** `ScheduleInput` fits `sparseParser`, because none of its fields is required or has a default. */
const parseScheduleInput = sparseParser(ScheduleInput);

/** A batch item as plain JSON, as stored under an idempotency key. */
type PlainItem = { index: number; scheduleId: string } | { index: number; error: Pick<AppError, PlainField> };
type PlainField = "code" | "message" | "faults" | "details";

/**
 * Creates up to 1,000 schedules. Each item succeeds or fails by itself; the errors of items are in the result. Throws
 * `may_have_been_kept` and the codes of an idempotency key that was reused or is in progress.
 */
export async function createSchedules(call: {
  ctx: Ctx;
  input: CreateSchedulesInput;
}): Promise<{ items: BatchItem[] }> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:create");
  const request = input.items;
  const keyed = keyedRequest({ ctx, call: "schedule.create_many", key: input.idempotencyKey, request });
  const isFinal = (items: PlainItem[]) => !items.some(isUnfinished);
  const plain = await once({ ctx, keyed, isFinal }, async (seed, before) => {
    const finished = new Map((before ?? []).filter((item) => !isUnfinished(item)).map((item) => [item.index, item]));
    for (const item of await createEach(call, { seed, isDone: (index) => finished.has(index) })) {
      finished.set(item.index, plainOf(item));
    }
    return [...finished.values()].sort((a, b) => a.index - b.index);
  });
  return { items: plain.map(itemOf) };
}

/** Whether a store failed for this item. The next request with the same key tries the item again. */
function isUnfinished(item: PlainItem): boolean {
  return "error" in item && itemError(item.error).status >= 500;
}

function plainOf(item: BatchItem): PlainItem {
  if ("scheduleId" in item) return item;
  const { code, message, faults, details } = item.error;
  return { index: item.index, error: { code, message, faults, details } };
}

function itemOf(item: PlainItem): BatchItem {
  if ("scheduleId" in item) return item;
  return { index: item.index, error: itemError(item.error) };
}

function itemError({ code, message, ...more }: Pick<AppError, PlainField>): AppError {
  return new AppError(code, message, more);
}

interface Try {
  index: number;
  /** How many earlier ids of the item belong to deleted schedules. */
  attempt: number;
  schedule: Schedule;
}

/** Creates the items that are not done. With a seed, an item that an earlier request has stored counts as created. */
async function createEach(
  call: { ctx: Ctx; input: CreateSchedulesInput },
  { seed, isDone }: { seed: string | null; isDone: (index: number) => boolean },
): Promise<BatchItem[]> {
  const { ctx, input } = call;
  const { deps } = ctx;
  const principal = requireRight(ctx, "schedules:create");
  const nowMs = deps.clock.now();
  const settings = deps.settings.current();
  const createdBy = principal.email ?? principal.name;
  const items: BatchItem[] = [];
  const inClickHouse = new Map<string, Schedule>();
  let ready: Try[] = [];

  async function prepare(index: number, attempt: number): Promise<void> {
    try {
      const raw = input.items[index];
      if (raw instanceof AppError) throw raw;
      const built = buildSchedule(parseScheduleInput(raw), {
        scheduleId: seed === null ? newScheduleId() : itemId({ seed, index, attempt }),
        nowMs,
        settings,
        topicSchemas: deps.topicSchemas,
        protection: deps.protection,
        mayExpose: false,
        scope: deps.scope,
        source: sourceOf(principal),
        needsEnd: needsEnd(principal, settings),
        sourceId: null,
        createdBy,
      });
      const schedule = await sealContent(deps, built.topic, built);
      await reserveName(deps, schedule);
      ready.push({ index, attempt, schedule });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      items.push({ index, error });
    }
  }

  for (const index of input.items.keys()) if (!isDone(index)) await prepare(index, 0);
  while (ready.length > 0) {
    const tries = ready;
    ready = [];
    const puts = tries.map(({ schedule }) => ({ ...placeNew({ schedule, nowMs, settings }), expectedVersion: null }));
    const stored = deps.hot.putMany(puts, () => batchEntry(ctx));
    const results = await inDoubt("Some of the schedules", stored).catch(async (error) => {
      if (!leavesOutcomeOpen(error)) for (const { schedule } of tries) await releaseUnused(deps, schedule);
      throw error;
    });
    for (const [i, { status }] of results.entries()) {
      const { index, attempt, schedule } = tries[i] as Try;
      const { placement, schedule: placed } = puts[i] as (typeof puts)[number];
      if (status === "deleted" && seed !== null && attempt < MAX_ATTEMPTS) {
        await releaseUnused(deps, schedule);
        await prepare(index, attempt + 1);
      } else if (status === "stored" || (status === "exists" && seed !== null)) {
        if (placement.tier === "clickhouse") inClickHouse.set(schedule.scheduleId, placed);
        items.push({ index, scheduleId: schedule.scheduleId });
      } else {
        items.push({ index, error: new AppError("conflict", "The schedule exists already.") });
      }
    }
  }
  const errors = await confirm(ctx, inClickHouse);
  const answered = items.map((item) => {
    const error = "scheduleId" in item ? errors.get(item.scheduleId) : undefined;
    return error === undefined ? item : { index: item.index, error };
  });
  recordRefusedItems(ctx, answered);
  return answered;
}

/** Writes one audit entry for all refused items of a batch. */
function recordRefusedItems(ctx: Ctx, items: readonly BatchItem[]): void {
  const errors = items.flatMap((item) => ("error" in item && item.error.status < 500 ? [item.error] : []));
  const [first] = errors;
  if (first === undefined) return;
  const codes = [...new Set(errors.map(({ code }) => code))];
  const message = `${errors.length} of ${items.length} items refused: ${codes.join(", ")}. First: ${first.message}`;
  recordRefusal(ctx, {
    call: "schedules.createMany",
    changes: true,
    error: { code: first.code, status: first.status, message },
    count: errors.length,
    target: `batch:${ctx.requestId}`,
  });
}

/** The audit entry of one Redis call. An entry for each schedule would be most of the work of a batch. */
function batchEntry(ctx: Ctx): string {
  return auditDocument(ctx, { action: "schedule.create", target: `batch:${ctx.requestId}` }).json;
}

function itemId({ seed, index, attempt }: { seed: string; index: number; attempt: number }): string {
  return sourceScheduleId("idempotency", attempt === 0 ? `${seed}:${index}` : `${seed}:${index}:${attempt}`);
}

/** Waits for ClickHouse and undoes unconfirmed schedules. Returns their errors by id. */
async function confirm(ctx: Ctx, inClickHouse: ReadonlyMap<string, Schedule>): Promise<Map<string, AppError>> {
  const rows = [...inClickHouse.values()].map(({ scheduleId, state }) => ({ scheduleId, revision: state.revision }));
  const missing = [...(await unconfirmed(ctx, rows))];
  if (missing.length === 0) return new Map();
  const notUndone = await undoCreates(
    ctx,
    missing.map((id) => inClickHouse.get(id) as Schedule),
  );
  return new Map(missing.map((id) => [id, notUndone.has(id) ? mayHaveBeenKept("The schedule") : notKept()]));
}
