import { AppError } from "~/server/domain/errors";
import type { Deps } from "../ctx";
import { type BulkJob, Job, UndoEntry } from "./job";
import { appendIdsToOutbox, appendJobToOutbox, appendUndoToOutbox } from "./job-outbox";

export type { BulkJob, UndoEntry } from "./job";

/** Maximum number of ids or entries in one Redis call. */
const CHUNK_SIZE = 1000;

export async function saveJob(deps: Deps, job: BulkJob): Promise<void> {
  await deps.bulkJobs.save(job.jobId, JSON.stringify(job));
  await appendJobToOutbox(deps, job);
}

export const noJob = (jobId: string) =>
  new AppError("not_found", `No bulk job has the id ${jobId}. Jobs are kept for 7 days.`);

/** Throws `not_found`. */
export async function loadJob(deps: Deps, jobId: string): Promise<BulkJob> {
  const json = await deps.bulkJobs.load(jobId);
  if (json === null) throw noJob(jobId);
  return Job.parse(JSON.parse(json));
}

/**
 * Stores a job and queues it for the workers. If an earlier request with the same idempotency key has stored the job,
 * queues that stored job. Returns the queued job.
 */
export async function enqueueJob(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<BulkJob> {
  const stored = await loadJob(deps, job.jobId).catch(nullIfNotFound);
  if (stored === null) await storeJob(deps, job, ids);
  const queued = stored ?? job;
  await indexJob(deps, queued);
  return queued;
}

async function storeJob(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<void> {
  // An earlier request with the same idempotency key may have stored a part of the ids. The job itself is stored last.
  await deps.bulkJobs.clearIds(job.jobId);
  for (let from = 0; from < ids.length; from += CHUNK_SIZE) {
    const chunk = ids.slice(from, from + CHUNK_SIZE);
    await deps.bulkJobs.addIds(job.jobId, chunk);
    await appendIdsToOutbox(deps, { jobId: job.jobId, from, ids: chunk });
  }
  await saveJob(deps, job);
}

/** Restores a job, its ids and its undo entries. Returns false if Redis already has the job. */
export async function restoreJob(
  deps: Deps,
  stored: { job: BulkJob; ids: readonly string[]; entries: readonly UndoEntry[] },
): Promise<boolean> {
  const { ids, entries } = stored;
  const job: BulkJob = { ...stored.job, restored: stored.job.endedAt === null };
  if (await deps.bulkJobs.isKnown(job.jobId)) return false;
  // An interrupted restore may have left some of the ids and entries.
  await deps.bulkJobs.clearIds(job.jobId);
  for (let from = 0; from < ids.length; from += CHUNK_SIZE) {
    await deps.bulkJobs.addIds(job.jobId, ids.slice(from, from + CHUNK_SIZE));
  }
  await deps.bulkJobs.clearUndo(job.jobId);
  for (let from = 0; from < entries.length; from += CHUNK_SIZE) {
    const chunk = entries.slice(from, from + CHUNK_SIZE);
    await deps.bulkJobs.addUndo(
      job.jobId,
      chunk.map((entry) => JSON.stringify(entry)),
    );
  }
  await saveJob(deps, job);
  await indexJob(deps, job);
  return true;
}

async function indexJob(deps: Deps, { jobId, createdAt, endedAt }: BulkJob): Promise<void> {
  await deps.bulkJobs.addToLists({ jobId, createdAt, isOver: endedAt !== null });
}

/**
 * Returns the oldest unfinished job. Null if there is none, or if the oldest has expired; that job is then removed, and
 * the next call returns the next one.
 */
export async function activeJob(deps: Deps): Promise<BulkJob | null> {
  const jobId = await deps.bulkJobs.oldestActive();
  if (jobId === null) return null;
  return loadJob(deps, jobId).catch(async (error) => {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    await deps.bulkJobs.removeFromActive(jobId);
    return null;
  });
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}

/** Returns the recent jobs, newest first. */
export async function recentJobs(deps: Deps): Promise<BulkJob[]> {
  const ids = await deps.bulkJobs.recent();
  const jobs = await Promise.all(ids.map((id) => loadJob(deps, id).catch(nullIfNotFound)));
  return jobs.filter((job) => job !== null);
}

/**
 * Stores undo entries. Call before the change, so that every change can be undone. If the change fails, an undo ignores
 * its entry, because the schedule does not have the entry's version and time.
 */
export async function storeUndo(
  deps: Deps,
  part: { jobId: string; step: number; entries: readonly UndoEntry[] },
): Promise<void> {
  const { jobId, entries } = part;
  if (entries.length === 0) return;
  await appendUndoToOutbox(deps, part);
  await deps.bulkJobs.addUndo(
    jobId,
    entries.map((entry) => JSON.stringify(entry)),
  );
}

/** Returns a job's undo entries by schedule id. A schedule has several entries if a step was repeated. */
export async function undoEntries(deps: Deps, jobId: string): Promise<Map<string, UndoEntry[]>> {
  const found = new Map<string, UndoEntry[]>();
  for (const json of await deps.bulkJobs.undoEntries(jobId)) {
    const entry = UndoEntry.parse(JSON.parse(json));
    found.set(entry.scheduleId, [...(found.get(entry.scheduleId) ?? []), entry]);
  }
  return found;
}

const MAX_FAILURES = 100;

/** Counts a failure, and keeps the reasons of the first `MAX_FAILURES`. */
export function addFailure(job: BulkJob, id: string, reason: string): void {
  job.failed += 1;
  if (job.failures.length < MAX_FAILURES) job.failures.push({ id, reason });
}
