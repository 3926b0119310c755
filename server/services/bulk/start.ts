import { v7 } from "uuid";
import { bulkJobName } from "~/server/domain/audit/bulk-job-name";
import { SCHEDULE_STATUSES, SOURCES, TRIGGERS } from "~/server/domain/choices";
import { AppError, fieldError } from "~/server/domain/errors";
import { ONE_OF_JOB_RIGHTS, ONE_OF_SCHEDULE_JOB_RIGHTS, rightsForJob } from "~/server/domain/job-rights";
import type { Schedule } from "~/server/domain/schedule";
import { requireRight } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { keyedRequest, once } from "../idempotency";
import { findSchedules, OVERLAY_LIMIT } from "../newest-schedules";
import type { Principal } from "../principal";
import type { ScheduleFilterInput } from "../schedules/inputs";
import { filterQuery } from "../schedules/list";
import { matchesQuery } from "../schedules/match";
import { pauseEndMs } from "../schedules/toggle";
import type { BulkJobId, StartBulkInput, UndoBulkInput } from "./inputs";
import { type BulkJob, enqueueJob, recentJobs, saveJob, undoEntries } from "./jobs";
import { UNDOABLE } from "./undo";
import { isVisibleJob, visibleJob } from "./visible";

/** Matching ids per query. */
const PAGE = 10_000;
/** How long a request may hold its idempotency key, ms. Finding millions of matches takes long. */
export const BULK_CLAIM_MS = 180_000;
/** Maximum number of schedules that a preview shows. */
const SAMPLE = 20;
/** Schedules per read. Few, because each may have a payload of 1 MiB. */
const LOOKUP = 100;

export interface BulkPreview {
  count: number;
  /** How many of the given ids are unknown or deleted. */
  unknown: number;
  sample: {
    scheduleId: string;
    name: string | null;
    topic: string;
    entityType: string;
    action: string;
    entityId: string | null;
    enabled: boolean;
  }[];
}

/**
 * Starts a job on the given schedules, or on all schedules that match the filter now. With `dryRun` only returns a
 * preview. Throws `validation_failed` for an empty filter, for both or neither of ids and filter, for a retag without
 * tags, for a spread without jitter or minutes, and for a pause whose end is not in the future; and the codes of an
 * idempotency key that was reused or is in progress.
 */
export async function startBulk(call: { ctx: Ctx; input: StartBulkInput }): Promise<BulkJob | BulkPreview> {
  const { ctx } = call;
  const { idempotencyKey: key, ...request } = call.input;
  requireRight(ctx, request.dryRun ? "schedules:read" : rightsForJob(request.action));
  // A dry run changes nothing, so it needs no idempotency key.
  const keyed = request.dryRun ? null : keyedRequest({ ctx, call: "bulk.start", key, request });
  return once({ ctx, keyed, claimMs: BULK_CLAIM_MS }, (jobId) => startJob(ctx, request, jobId));
}

async function startJob(ctx: Ctx, input: StartBulkInput, jobId: string | null): Promise<BulkJob | BulkPreview> {
  const principal = requireRight(ctx, input.dryRun ? "schedules:read" : rightsForJob(input.action));
  const { deps } = ctx;
  requireTarget(input, "every schedule");
  if (input.action === "retag" && !input.addTags?.length && !input.removeTags?.length) {
    throw fieldError("validation_failed", {
      field: "add_tags",
      message: "or remove_tags is required",
      expected: "at least one tag to add or to remove",
    });
  }
  if (input.action === "spread" && input.jitterSeconds === undefined && input.spreadMinutes === undefined) {
    throw fieldError("validation_failed", {
      field: "jitter_seconds",
      message: "or spread_minutes is required",
      expected: "a jitter, or a number of minutes to spread over",
    });
  }
  const found = input.ids ? [...new Set(input.ids)] : await matchingIds(deps, input.filter as ScheduleFilterInput);
  if (input.dryRun) return preview(deps, found, input.ids !== undefined);
  const ids = input.ids ? await ownIds(deps, found) : found;
  const job: BulkJob = {
    ...newJob({ ctx, principal, action: input.action, total: ids.length, jobId }),
    filter: input.filter ?? null,
    note: input.note ?? null,
    untilMs: pauseEndMs(input.until, deps.clock.now()),
    missed: input.missed ?? null,
    addTags: input.addTags ?? [],
    removeTags: input.removeTags ?? [],
    jitterSeconds: input.jitterSeconds ?? null,
    spreadMinutes: input.spreadMinutes ?? null,
  };
  const started = await enqueueJob(deps, job, ids);
  const after = { total: ids.length, filter: input.filter ?? null };
  await writeAudit(ctx, {
    action: `bulk.${input.action}`,
    target: job.jobId,
    targetName: bulkJobName(job),
    note: job.note,
    after,
  });
  return started;
}

export async function previewBulk(call: { ctx: Ctx; input: StartBulkInput }): Promise<BulkPreview> {
  return (await startBulk({ ...call, input: { ...call.input, dryRun: true } })) as BulkPreview;
}

/**
 * Throws `validation_failed` unless there are either ids or a filter with a condition.
 *
 * @param everything the matches of a filter without a condition, for the error
 */
export function requireTarget(input: { ids?: readonly string[]; filter?: object }, everything: string): void {
  if ((input.ids === undefined) === (input.filter === undefined)) {
    throw fieldError("validation_failed", {
      field: "filter",
      message: input.ids === undefined ? "or ids is required" : "cannot be combined with ids",
      expected: "either ids or a filter",
    });
  }
  if (input.filter !== undefined && !Object.entries(input.filter).some(restricts)) {
    throw fieldError("validation_failed", {
      field: "filter",
      message: `has no condition, so it would match ${everything}`,
      expected: "at least one condition, such as a topic or a tag",
    });
  }
}

/** A filter by all of these values restricts nothing. */
const ALL_VALUES: Readonly<Record<string, readonly string[]>> = {
  status: SCHEDULE_STATUSES,
  source: SOURCES,
  trigger: TRIGGERS,
};

/** Whether a condition excludes anything. */
function restricts([name, value]: [string, unknown]): boolean {
  if (value === undefined || value === "") return false;
  if (Array.isArray(value)) return value.length > 0 && !ALL_VALUES[name]?.every((one) => value.includes(one));
  if (name === "failing" || name === "overdue") return value === true;
  return true;
}

/** Leaves out ids outside of the caller's scope, because a worker of a release without scopes would not skip them. */
async function ownIds(deps: Deps, ids: readonly string[]): Promise<readonly string[]> {
  if (deps.scope === undefined) return ids;
  const own: string[] = [];
  for (let from = 0; from < ids.length; from += LOOKUP) {
    own.push(...(await findSchedules(deps, ids.slice(from, from + LOOKUP))).keys());
  }
  return own;
}

/** Returns the ids of all matching schedules, including those that ClickHouse does not have yet. */
async function matchingIds(deps: Deps, filter: ScheduleFilterInput): Promise<string[]> {
  const query = filterQuery(filter, deps.clock.now());
  const full = { ...query, sort: "created_at" as const, descending: true, limit: 1 };
  const matches = (row: Schedule) => !row.state.deleted && matchesQuery(row, full);
  // Read the outbox first, so that a row that is recorded between the two reads is found.
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

/** `areGiven`: whether the caller gave the ids, so that some may be unknown or deleted. */
async function preview(deps: Deps, ids: readonly string[], areGiven: boolean): Promise<BulkPreview> {
  const sample: BulkPreview["sample"] = [];
  let count = 0;
  // Read only a sample of the matches of a filter, because all of them exist.
  for (let from = 0; from < (areGiven ? ids.length : Math.min(ids.length, SAMPLE)); from += LOOKUP) {
    const rows = await findSchedules(deps, ids.slice(from, from + (areGiven ? LOOKUP : SAMPLE)));
    for (const { scheduleId, name, topic, entityType, action, entityId, enabled, state } of rows.values()) {
      if (state.deleted) continue;
      count += 1;
      if (sample.length < SAMPLE) sample.push({ scheduleId, name, topic, entityType, action, entityId, enabled });
    }
  }
  return areGiven ? { count, unknown: ids.length - count, sample } : { count: ids.length, unknown: 0, sample };
}

/** `jobId` is given under an idempotency key, so that a repeated request makes the same job. */
export function newJob(input: {
  ctx: Ctx;
  principal: Principal;
  action: BulkJob["action"];
  total: number;
  jobId?: string | null;
}): BulkJob {
  const { id, via, email, name } = input.principal;
  const { requestId, address = null, deps } = input.ctx;
  return {
    jobId: input.jobId ?? v7(),
    action: input.action,
    status: "queued",
    total: input.total,
    ...{ done: 0, changed: 0, skipped: 0, failed: 0, failures: [] },
    actor: email ?? name,
    caller: { id, via, requestId, address },
    scope: deps.scope === undefined ? null : [...deps.scope],
    ...{
      filter: null,
      note: null,
      untilMs: null,
      missed: null,
      addTags: [],
      removeTags: [],
      jitterSeconds: null,
      spreadMinutes: null,
    },
    createdAt: deps.clock.now(),
    ...{ startedAt: null, endedAt: null, undoOf: null, undoneBy: null, restored: false },
  };
}

export async function getBulk(call: { ctx: Ctx; input: BulkJobId }): Promise<BulkJob> {
  requireRight(call.ctx, "schedules:read");
  return visibleJob(call.ctx, call.input.jobId);
}

export async function listBulk(call: { ctx: Ctx }): Promise<BulkJob[]> {
  requireRight(call.ctx, "schedules:read");
  return (await recentJobs(call.ctx.deps)).filter((job) => isVisibleJob(call.ctx, job));
}

/**
 * Aborts a job after its current step. Finished steps stay done. Throws `not_found`, and `conflict` if the job is over.
 */
export async function abortBulk(call: { ctx: Ctx; input: BulkJobId }): Promise<BulkJob> {
  const { ctx, input } = call;
  requireRight(ctx, ONE_OF_JOB_RIGHTS);
  const job = await visibleJob(ctx, input.jobId);
  requireRight(ctx, rightsForJob(job.action));
  if (job.endedAt !== null) throw new AppError("conflict", `The job is already ${job.status}.`);
  await ctx.deps.bulkJobs.askToAbort(input.jobId);
  await writeAudit(ctx, { action: "bulk.abort", target: input.jobId, targetName: bulkJobName(job) });
  return job;
}

/**
 * Starts a job that undoes the changes of another job. Skips schedules that were changed since. Throws `not_found`,
 * `conflict` if the job cannot be undone, was undone or still runs, and the codes of an idempotency key that was reused
 * or is in progress.
 */
export async function undoBulk(call: { ctx: Ctx; input: UndoBulkInput }): Promise<BulkJob> {
  const { ctx } = call;
  requireRight(ctx, ONE_OF_SCHEDULE_JOB_RIGHTS);
  const { idempotencyKey: key, jobId } = call.input;
  const keyed = keyedRequest({ ctx, call: `bulk.undo:${jobId}`, key, request: null });
  return once({ ctx, keyed, claimMs: BULK_CLAIM_MS }, (undoId) => startUndo(ctx, jobId, undoId));
}

async function startUndo(ctx: Ctx, jobId: string, undoId: string | null): Promise<BulkJob> {
  const { deps } = ctx;
  const job = await visibleJob(ctx, jobId);
  const principal = requireRight(ctx, rightsForJob(job.action));
  if (!UNDOABLE.includes(job.action)) throw new AppError("conflict", `A bulk ${job.action} cannot be undone.`);
  if (job.endedAt === null) throw new AppError("conflict", "The job is still running. Abort it first.");
  // An earlier request with the same idempotency key may have started this undo.
  if (job.undoneBy !== null && job.undoneBy !== undoId)
    throw new AppError("conflict", `The job was already undone by the job ${job.undoneBy}.`);
  const ids = [...(await undoEntries(deps, job.jobId)).keys()];
  const made = newJob({ ctx, principal, action: "undo", total: ids.length, jobId: undoId });
  const undo = await enqueueJob(deps, { ...made, undoOf: job.jobId }, ids);
  await saveJob(deps, { ...job, undoneBy: undo.jobId });
  const after = { job: undo.jobId };
  await writeAudit(ctx, { action: "bulk.undo", target: job.jobId, targetName: bulkJobName(job), after });
  return undo;
}
