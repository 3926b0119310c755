import { AppError } from "~/server/domain/errors";
import type { Deps } from "../ctx";
import { type BulkJob, Job, UndoEntry } from "./job";
import { noteIds, noteJob, noteUndoEntries } from "./job-notes";

export type { BulkJob, UndoEntry } from "./job";

/** Jobs, their ids and what an undo needs are kept this long. */
const KEEP_SECONDS = 7 * 86_400;
const RECENT = 50;
const PUSH = 1000;

const key = (deps: Deps, ...parts: string[]) => `${deps.facts.prefix}bulk:${parts.join(":")}`;

export async function saveJob(deps: Deps, job: BulkJob): Promise<void> {
  await deps.redis.set(key(deps, "job", job.jobId), JSON.stringify(job), "EX", KEEP_SECONDS);
  await noteJob(deps, job);
}

/** Throws `not_found`. */
export async function loadJob(deps: Deps, jobId: string): Promise<BulkJob> {
  const json = await deps.redis.get(key(deps, "job", jobId));
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
  const list = key(deps, "ids", job.jobId);
  // An earlier try may have died in the middle.
  await deps.redis.del(list);
  for (let from = 0; from < ids.length; from += PUSH) {
    const some = ids.slice(from, from + PUSH);
    await deps.redis
      .multi()
      .rpush(list, ...some)
      .expire(list, KEEP_SECONDS)
      .exec();
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
  if ((await deps.redis.exists(key(deps, "job", job.jobId))) === 1) return false;
  await fillList(deps, key(deps, "ids", job.jobId), ids);
  await fillList(
    deps,
    key(deps, "undo", job.jobId),
    entries.map((entry) => JSON.stringify(entry)),
  );
  await saveJob(deps, job);
  await listJob(deps, job);
  return true;
}

/** From its beginning: a restore that broke off left a part of it. */
async function fillList(deps: Deps, list: string, values: readonly string[]): Promise<void> {
  await deps.redis.del(list);
  for (let from = 0; from < values.length; from += PUSH) {
    await deps.redis.rpush(list, ...values.slice(from, from + PUSH));
    await deps.redis.expire(list, KEEP_SECONDS);
  }
}

/** Last of all: from here on it is found, and worked on unless it is over. */
async function listJob(deps: Deps, job: BulkJob): Promise<void> {
  await deps.redis.zadd(key(deps, "all"), job.createdAt, job.jobId);
  await deps.redis.zremrangebyrank(key(deps, "all"), 0, -RECENT - 1);
  if (job.endedAt === null) await deps.redis.zadd(key(deps, "active"), job.createdAt, job.jobId);
}

export async function idsOf(deps: Deps, jobId: string, from: number, count: number): Promise<string[]> {
  return deps.redis.lrange(key(deps, "ids", jobId), from, from + count - 1);
}

/** The oldest job that is not over. */
export async function activeJob(deps: Deps): Promise<BulkJob | null> {
  const [jobId] = await deps.redis.zrange(key(deps, "active"), "0", "0");
  if (jobId === undefined) return null;
  return loadJob(deps, jobId).catch(async (error) => {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    await leaveActive(deps, jobId);
    return null;
  });
}

export async function leaveActive(deps: Deps, jobId: string): Promise<void> {
  await deps.redis.zrem(key(deps, "active"), jobId);
}

/** A job that has run out is none; any other error is told. */
function onlyGone(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}

/** The newest jobs, newest first. */
export async function recentJobs(deps: Deps): Promise<BulkJob[]> {
  const ids = await deps.redis.zrevrange(key(deps, "all"), 0, RECENT - 1);
  const jobs = await Promise.all(ids.map((id) => loadJob(deps, id).catch(onlyGone)));
  return jobs.filter((job) => job !== null);
}

/** Asks whoever works on it to stop after the chunk in hand. */
export async function askToAbort(deps: Deps, jobId: string): Promise<void> {
  await deps.redis.set(key(deps, "abort", jobId), "1", "EX", KEEP_SECONDS);
}

export async function isAborted(deps: Deps, jobId: string): Promise<boolean> {
  return (await deps.redis.exists(key(deps, "abort", jobId))) === 1;
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
  const list = key(deps, "undo", jobId);
  await deps.redis.rpush(list, ...entries.map((entry) => JSON.stringify(entry)));
  await deps.redis.expire(list, KEEP_SECONDS);
}

export async function undoEntries(deps: Deps, jobId: string): Promise<Map<string, UndoEntry[]>> {
  const found = new Map<string, UndoEntry[]>();
  for (const json of await deps.redis.lrange(key(deps, "undo", jobId), 0, -1)) {
    const entry = UndoEntry.parse(JSON.parse(json));
    found.set(entry.scheduleId, [...(found.get(entry.scheduleId) ?? []), entry]);
  }
  return found;
}

/** True for the first who asks: a chunk that is done again after a crash must not run its schedules again. */
export async function firstRun(deps: Deps, jobId: string, scheduleId: string): Promise<boolean> {
  const hash = key(deps, "ran", jobId);
  const first = (await deps.redis.hsetnx(hash, scheduleId, "1")) === 1;
  if (first) await deps.redis.expire(hash, KEEP_SECONDS);
  return first;
}

/** It was not run after all, so the next try may. */
export async function forgetRun(deps: Deps, jobId: string, id: string): Promise<void> {
  await deps.redis.hdel(key(deps, "ran", jobId), id);
}

const MAX_FAILURES = 100;

/** Counts a failure; the first hundred are kept with their reasons. */
export function noteFailure(job: BulkJob, id: string, reason: string): void {
  job.failed += 1;
  if (job.failures.length < MAX_FAILURES) job.failures.push({ id, reason });
}
