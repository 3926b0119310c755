import { v7 } from "uuid";
import { SCHEDULE_STATUSES, SOURCES, TRIGGERS } from "~/server/domain/choices";
import { AppError, fieldError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import { requireRight } from "../access/require-right";
import { recordAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { keyedRequest, once } from "../idempotency";
import { findSchedules, OVERLAY_LIMIT } from "../schedules/current";
import type { ScheduleFilterInput } from "../schedules/inputs";
import { filterQuery } from "../schedules/list";
import { matchesQuery } from "../schedules/match";
import { untilMs } from "../schedules/toggle";
import type { BulkJobId, StartBulkInput } from "./inputs";
import { type BulkJob, enqueueJob, loadJob, recentJobs, saveJob, undoEntries } from "./jobs";

const PAGE = 10_000;
/** Looking for millions that match takes longer than other requests. */
export const BULK_CLAIM_MS = 180_000;
const SAMPLE = 20;
/** Records read at once, each with a payload of up to 1 MiB. */
const LOOKUP = 100;

/** What a job would touch. */
export interface BulkPreview {
  count: number;
  /** How many of the ids named are of no schedule, or of a deleted one. */
  unknown: number;
  sample: { scheduleId: string; name: string | null; topic: string; action: string; enabled: boolean }[];
}

/**
 * Starts a job over the schedules named, or over all that match at this moment; with `dryRun` only says which. A worker
 * carries it out. Throws `validation_failed` for an empty filter, for both or neither of ids and filter, and for a
 * retag without tags.
 */
export async function startBulk(call: { ctx: Ctx; input: StartBulkInput }): Promise<BulkJob | BulkPreview> {
  const { ctx } = call;
  const { idempotencyKey: key, ...request } = call.input;
  requireRight(ctx, request.dryRun ? "read" : "write");
  // A dry run does nothing that could be done twice.
  const keyed = request.dryRun ? null : keyedRequest({ ctx, call: "bulk.start", key, request });
  return once({ ctx, keyed, claimMs: BULK_CLAIM_MS }, (jobId) => startJob(ctx, request, jobId));
}

async function startJob(ctx: Ctx, input: StartBulkInput, jobId: string | null): Promise<BulkJob | BulkPreview> {
  const principal = requireRight(ctx, input.dryRun ? "read" : "write");
  const { deps } = ctx;
  requireTarget(input, "every schedule there is");
  if (input.action === "retag" && !input.addTags?.length && !input.removeTags?.length) {
    throw fieldError("validation_failed", {
      field: "add_tags",
      message: "is missing, and so is remove_tags",
      expected: "at least one tag to add or to remove",
    });
  }
  const ids = input.ids ? [...new Set(input.ids)] : await matching(deps, input.filter as ScheduleFilterInput);
  if (input.dryRun) return preview(deps, ids, input.ids !== undefined);
  const job: BulkJob = {
    ...newJob({ action: input.action, total: ids.length, actor: principal.email ?? principal.name, deps, jobId }),
    note: input.note ?? null,
    untilMs: untilMs(input.until, deps.clock.now()),
    missed: input.missed ?? null,
    addTags: input.addTags ?? [],
    removeTags: input.removeTags ?? [],
  };
  const started = await enqueueJob(deps, job, ids);
  const after = { total: ids.length, filter: input.filter ?? null };
  await recordAudit(ctx, { action: `bulk.${input.action}`, target: job.jobId, note: job.note, after });
  return started;
}

/** What `startBulk` would touch. */
export async function previewBulk(call: { ctx: Ctx; input: StartBulkInput }): Promise<BulkPreview> {
  return (await startBulk({ ...call, input: { ...call.input, dryRun: true } })) as BulkPreview;
}

/** Either ids or a filter that says something. Throws `validation_failed`. */
export function requireTarget(input: { ids?: readonly string[]; filter?: object }, everything: string): void {
  if ((input.ids === undefined) === (input.filter === undefined)) {
    throw fieldError("validation_failed", {
      field: "filter",
      message: input.ids === undefined ? "is missing, and so is ids" : "is given beside ids",
      expected: "either ids or a filter",
    });
  }
  if (input.filter !== undefined && !Object.entries(input.filter).some(restricts)) {
    throw fieldError("validation_failed", {
      field: "filter",
      message: `restricts nothing: it would mean ${everything}`,
      expected: "at least one condition, such as a topic or a tag",
    });
  }
}

/** What a condition may name all of; then it leaves nothing out. */
const WHOLE_LISTS: Readonly<Record<string, readonly string[]>> = {
  status: SCHEDULE_STATUSES,
  source: SOURCES,
  trigger: TRIGGERS,
};

/**
 * Whether a condition can leave anything out: an empty text or list cannot, nor one of all there is, nor a flag that
 * only asks for more.
 */
function restricts([name, value]: [string, unknown]): boolean {
  if (value === undefined || value === "") return false;
  if (Array.isArray(value)) return value.length > 0 && !WHOLE_LISTS[name]?.every((one) => value.includes(one));
  if (name === "failing" || name === "overdue") return value === true;
  return true;
}

/** All that match, also those that ClickHouse has not been told of yet. */
async function matching(deps: Deps, filter: ScheduleFilterInput): Promise<string[]> {
  const query = filterQuery(filter, deps.clock.now());
  const full = { ...query, sort: "created_at" as const, descending: true, limit: 1 };
  const matches = (row: Schedule) => !row.state.deleted && matchesQuery(row, full);
  // Before ClickHouse is read: what is recorded between the two looks is found by one of them.
  const before = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const ids = new Set(before.schedules.filter(matches).map((row) => row.scheduleId));
  for (let afterId: string | undefined; ; ) {
    const page = await deps.store.matchingIds(query, { afterId, limit: PAGE });
    for (const id of page) ids.add(id);
    afterId = page.at(-1);
    if (page.length < PAGE) break;
  }
  const { schedules } = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  for (const row of schedules) {
    if (matches(row)) ids.add(row.scheduleId);
    else ids.delete(row.scheduleId);
  }
  return [...ids];
}

async function preview(deps: Deps, ids: readonly string[], areNamed: boolean): Promise<BulkPreview> {
  const sample: BulkPreview["sample"] = [];
  let count = 0;
  // Of a filter's matches only those shown are read: the filter has found them.
  for (let from = 0; from < (areNamed ? ids.length : Math.min(ids.length, SAMPLE)); from += LOOKUP) {
    const rows = await findSchedules(deps, ids.slice(from, from + (areNamed ? LOOKUP : SAMPLE)));
    for (const { scheduleId, name, topic, action, enabled, state } of rows.values()) {
      if (state.deleted) continue;
      count += 1;
      if (sample.length < SAMPLE) sample.push({ scheduleId, name, topic, action, enabled });
    }
  }
  return areNamed ? { count, unknown: ids.length - count, sample } : { count: ids.length, unknown: 0, sample };
}

/** `jobId` is given under an idempotency key: the same for every try. */
export function newJob(input: {
  action: BulkJob["action"];
  total: number;
  actor: string;
  deps: Deps;
  jobId?: string | null;
}): BulkJob {
  return {
    jobId: input.jobId ?? v7(),
    action: input.action,
    status: "queued",
    total: input.total,
    ...{ done: 0, changed: 0, skipped: 0, failed: 0, failures: [] },
    actor: input.actor,
    ...{ note: null, untilMs: null, missed: null, addTags: [], removeTags: [] },
    createdAt: input.deps.clock.now(),
    ...{ startedAt: null, endedAt: null, undoOf: null, undoneBy: null, restored: false },
  };
}

export async function getBulk(call: { ctx: Ctx; input: BulkJobId }): Promise<BulkJob> {
  requireRight(call.ctx, "read");
  return loadJob(call.ctx.deps, call.input.jobId);
}

export async function listBulk(call: { ctx: Ctx }): Promise<BulkJob[]> {
  requireRight(call.ctx, "read");
  return recentJobs(call.ctx.deps);
}

/** Stops a job after the chunk in hand; what was done stays done. Throws `conflict` for one that is over. */
export async function abortBulk(call: { ctx: Ctx; input: BulkJobId }): Promise<BulkJob> {
  const { ctx, input } = call;
  requireRight(ctx, "write");
  const job = await loadJob(ctx.deps, input.jobId);
  if (job.endedAt !== null) throw new AppError("conflict", `The job is ${job.status} already.`);
  await ctx.deps.bulkJobs.askToAbort(input.jobId);
  await recordAudit(ctx, { action: "bulk.abort", target: input.jobId });
  return job;
}

const UNDOABLE: readonly string[] = ["pause", "resume", "retag"];

/**
 * A new job that takes back what this one changed, where nobody has changed it since. Throws `conflict` where there is
 * no way back.
 */
export async function undoBulk(call: { ctx: Ctx; input: BulkJobId }): Promise<BulkJob> {
  const { ctx, input } = call;
  const principal = requireRight(ctx, "write");
  const { deps } = ctx;
  const job = await loadJob(deps, input.jobId);
  if (!UNDOABLE.includes(job.action)) throw new AppError("conflict", `A bulk ${job.action} cannot be taken back.`);
  if (job.endedAt === null) throw new AppError("conflict", "The job still runs; abort it first.");
  if (job.undoneBy !== null) throw new AppError("conflict", `It was taken back already, by ${job.undoneBy}.`);
  const ids = [...(await undoEntries(deps, job.jobId)).keys()];
  const actor = principal.email ?? principal.name;
  const undo: BulkJob = { ...newJob({ action: "undo", total: ids.length, actor, deps }), undoOf: job.jobId };
  await enqueueJob(deps, undo, ids);
  await saveJob(deps, { ...job, undoneBy: undo.jobId });
  await recordAudit(ctx, { action: "bulk.undo", target: job.jobId, after: { job: undo.jobId } });
  return undo;
}
