import { AppError } from "~/server/domain/errors";
import type { Deps } from "../ctx";
import { type BulkJob, Job, UndoEntry } from "./job";
import { appendIdsToOutbox, appendJobToOutbox, appendUndoToOutbox } from "./job-outbox";

export type { BulkJob, UndoEntry } from "./job";

/** Maximum number of ids or entries per Redis call. */
const CHUNK_SIZE = 1000;

export async function saveJob(deps: Deps, job: BulkJob): Promise<void> {
  await deps.bulkJobs.save(job.jobId, JSON.stringify(job));
  await appendJobToOutbox(deps, job);
}

export const noJob = (jobId: string) =>
  new AppError("not_found", `No bulk job has the id ${jobId}. Jobs are kept for 7 days.`);

/** Returns a job. Throws `not_found`. */
export async function loadJob(deps: Deps, jobId: string): Promise<BulkJob> {
  const json = await deps.bulkJobs.load(jobId);
  if (json === null) throw noJob(jobId);
  return Job.parse(JSON.parse(json));
}

/**
 * Stores a job and queues it for the workers. Stores the ids first, so that a stored job is always complete. If an
 * earlier request with the same idempotency key has stored the job already, queues the stored job unchanged. Returns
 * the job that is queued.
 */
export async function enqueueJob(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<BulkJob> {
  const stored = await loadJob(deps, job.jobId).catch(nullIfExpired);
  if (stored === null) await storeJob(deps, job, ids);
  const queued = stored ?? job;
  await indexJob(deps, queued);
  return queued;
}

async function storeJob(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<void> {
  // An earlier request with the same idempotency key may have stored a part of the ids.
  await deps.bulkJobs.clearIds(job.jobId);
  for (let from = 0; from < ids.length; from += CHUNK_SIZE) {
    const chunk = ids.slice(from, from + CHUNK_SIZE);
    await deps.bulkJobs.addIds(job.jobId, chunk);
    await appendIdsToOutbox(deps, { jobId: job.jobId, from, ids: chunk });
  }
  await saveJob(deps, job);
}

/** Restores a job, its ids and its undo entries from ClickHouse. Returns false if Redis already has it. */
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

/** Returns the oldest unfinished job, or null. Removes a job that has expired from the list of unfinished jobs. */
export async function activeJob(deps: Deps): Promise<BulkJob | null> {
  const jobId = await deps.bulkJobs.oldestActive();
  if (jobId === null) return null;
  return loadJob(deps, jobId).catch(async (error) => {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    await deps.bulkJobs.removeFromActive(jobId);
    return null;
  });
}

/** Maps an expired job to null and rethrows other errors. */
function nullIfExpired(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}

/** Returns the recent jobs, newest first. */
export async function recentJobs(deps: Deps): Promise<BulkJob[]> {
  const ids = await deps.bulkJobs.recent();
  const jobs = await Promise.all(ids.map((id) => loadJob(deps, id).catch(nullIfExpired)));
  return jobs.filter((job) => job !== null);
}

/**
 * Stores undo entries before the change, so that every change can be undone. If the change then fails, the undo ignores
 * the entry, because no schedule has the version that the entry names.
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

/** Returns a job's undo entries by schedule id. A repeated step leaves several entries for a schedule. */
export async function undoEntries(deps: Deps, jobId: string): Promise<Map<string, UndoEntry[]>> {
  const found = new Map<string, UndoEntry[]>();
  for (const json of await deps.bulkJobs.undoEntries(jobId)) {
    const entry = UndoEntry.parse(JSON.parse(json));
    found.set(entry.scheduleId, [...(found.get(entry.scheduleId) ?? []), entry]);
  }
  return found;
}

const MAX_FAILURES = 100;

/** Counts a failure. Keeps the reasons of the first `MAX_FAILURES` failures. */
export function addFailure(job: BulkJob, id: string, reason: string): void {
  job.failed += 1;
  if (job.failures.length < MAX_FAILURES) job.failures.push({ id, reason });
}
