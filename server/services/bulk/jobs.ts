import { AppError } from "~/server/domain/errors";
import type { Deps } from "../ctx";
import { type BulkJob, Job, UndoEntry } from "./job";
import { noteIds, noteJob, noteUndoEntries } from "./job-notes";

export type { BulkJob, UndoEntry } from "./job";

/** Ids or entries of one call. */
const PUSH = 1000;

export async function saveJob(deps: Deps, job: BulkJob): Promise<void> {
  await deps.bulkJobs.save(job.jobId, JSON.stringify(job));
  await noteJob(deps, job);
}

/** Throws `not_found`. */
export async function loadJob(deps: Deps, jobId: string): Promise<BulkJob> {
  const json = await deps.bulkJobs.load(jobId);
  if (json === null) throw new AppError("not_found", `No bulk job has the id ${jobId}; they are kept for 7 days.`);
  return Job.parse(JSON.parse(json));
}

/**
 * Stores the job with its ids and hands it to the workers; answers it. The ids come first: a job that is found is
 * whole. One that an earlier try under the same idempotency key has stored is handed over as it is.
 */
export async function enqueueJob(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<BulkJob> {
  const stored = await loadJob(deps, job.jobId).catch(onlyGone);
  if (stored === null) await storeJob(deps, job, ids);
  const whole = stored ?? job;
  await listJob(deps, whole);
  return whole;
}

async function storeJob(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<void> {
  // An earlier try may have died in the middle.
  await deps.bulkJobs.clearIds(job.jobId);
  for (let from = 0; from < ids.length; from += PUSH) {
    const some = ids.slice(from, from + PUSH);
    await deps.bulkJobs.addIds(job.jobId, some);
    await noteIds(deps, { jobId: job.jobId, from, ids: some });
  }
  await saveJob(deps, job);
}

/**
 * A job of ClickHouse's into a Redis that was lost. `entries`: its way back. False where Redis has it already.
 */
export async function restoreJob(
  deps: Deps,
  given: { job: BulkJob; ids: readonly string[]; entries: readonly UndoEntry[] },
): Promise<boolean> {
  const { ids, entries } = given;
  const job: BulkJob = { ...given.job, restored: given.job.endedAt === null };
  if (await deps.bulkJobs.isKnown(job.jobId)) return false;
  // From their beginnings: a restore that broke off left a part of them.
  await deps.bulkJobs.clearIds(job.jobId);
  for (let from = 0; from < ids.length; from += PUSH) {
    await deps.bulkJobs.addIds(job.jobId, ids.slice(from, from + PUSH));
  }
  await deps.bulkJobs.clearUndo(job.jobId);
  for (let from = 0; from < entries.length; from += PUSH) {
    const some = entries.slice(from, from + PUSH);
    await deps.bulkJobs.addUndo(
      job.jobId,
      some.map((entry) => JSON.stringify(entry)),
    );
  }
  await saveJob(deps, job);
  await listJob(deps, job);
  return true;
}

async function listJob(deps: Deps, { jobId, createdAt, endedAt }: BulkJob): Promise<void> {
  await deps.bulkJobs.list({ jobId, createdAt, isOver: endedAt !== null });
}

/** The oldest job that is not over. */
export async function activeJob(deps: Deps): Promise<BulkJob | null> {
  const jobId = await deps.bulkJobs.oldestActive();
  if (jobId === null) return null;
  return loadJob(deps, jobId).catch(async (error) => {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    await deps.bulkJobs.leaveActive(jobId);
    return null;
  });
}

/** A job that has run out is none; any other error is told. */
function onlyGone(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}

/** The newest jobs, newest first. */
export async function recentJobs(deps: Deps): Promise<BulkJob[]> {
  const ids = await deps.bulkJobs.recent();
  const jobs = await Promise.all(ids.map((id) => loadJob(deps, id).catch(onlyGone)));
  return jobs.filter((job) => job !== null);
}

/**
 * Written before the change, so that no change is without its way back; an entry whose change did not happen fits no
 * version.
 */
export async function noteUndo(
  deps: Deps,
  given: { jobId: string; step: number; entries: readonly UndoEntry[] },
): Promise<void> {
  const { jobId, entries } = given;
  if (entries.length === 0) return;
  await noteUndoEntries(deps, given);
  await deps.bulkJobs.addUndo(
    jobId,
    entries.map((entry) => JSON.stringify(entry)),
  );
}

export async function undoEntries(deps: Deps, jobId: string): Promise<Map<string, UndoEntry[]>> {
  const found = new Map<string, UndoEntry[]>();
  for (const json of await deps.bulkJobs.undo(jobId)) {
    const entry = UndoEntry.parse(JSON.parse(json));
    found.set(entry.scheduleId, [...(found.get(entry.scheduleId) ?? []), entry]);
  }
  return found;
}

const MAX_FAILURES = 100;

/** Counts a failure; the first hundred are kept with their reasons. */
export function noteFailure(job: BulkJob, id: string, reason: string): void {
  job.failed += 1;
  if (job.failures.length < MAX_FAILURES) job.failures.push({ id, reason });
}
