import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import type { Deps } from "../ctx";
import { BULK_ACTIONS } from "./inputs";

/** Jobs, their ids and what an undo needs are kept this long. */
const KEEP_SECONDS = 7 * 86_400;
const RECENT = 50;
const PUSH = 1000;

const Job = z.object({
  jobId: z.string(),
  action: z.enum([...BULK_ACTIONS, "undo", "replay", "discard"]),
  status: z.enum(["queued", "running", "done", "aborted"]),
  total: z.number(),
  /** Looked at so far; where whoever takes the job over goes on. */
  done: z.number(),
  changed: z.number(),
  /** Nothing was to be done: paused already, gone, completed. */
  skipped: z.number(),
  failed: z.number(),
  /** Of schedules, or of executions where those are what it is about. */
  failures: z.array(z.object({ id: z.string(), reason: z.string() })),
  actor: z.string(),
  note: z.string().nullable(),
  untilMs: z.number().nullable(),
  missed: z.enum(["none", "last", "all"]).nullable(),
  addTags: z.array(z.string()),
  removeTags: z.array(z.string()),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** The job that this one takes back. */
  undoOf: z.string().nullable(),
  undoneBy: z.string().nullable(),
});
export type BulkJob = z.infer<typeof Job>;

/** How to take one change back: only while nobody has changed the schedule since. */
const UndoEntry = z.object({
  scheduleId: z.string(),
  version: z.number(),
  tags: z.array(z.string()),
  note: z.string().nullable(),
  untilMs: z.number().nullable(),
});
export type UndoEntry = z.infer<typeof UndoEntry>;

const key = (deps: Deps, ...parts: string[]) => `${deps.facts.prefix}bulk:${parts.join(":")}`;

export async function saveJob(deps: Deps, job: BulkJob): Promise<void> {
  await deps.redis.set(key(deps, "job", job.jobId), JSON.stringify(job), "EX", KEEP_SECONDS);
}

/** Throws `not_found`. */
export async function loadJob(deps: Deps, jobId: string): Promise<BulkJob> {
  const json = await deps.redis.get(key(deps, "job", jobId));
  if (json === null) throw new AppError("not_found", `No bulk job has the id ${jobId}; they are kept for 7 days.`);
  return Job.parse(JSON.parse(json));
}

/** Stores the job with its ids and hands it to the workers. The ids come first: a job that is found is whole. */
export async function enqueueJob(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<void> {
  const list = key(deps, "ids", job.jobId);
  for (let from = 0; from < ids.length; from += PUSH) {
    const some = ids.slice(from, from + PUSH);
    await deps.redis
      .multi()
      .rpush(list, ...some)
      .expire(list, KEEP_SECONDS)
      .exec();
  }
  await saveJob(deps, job);
  await deps.redis.zadd(key(deps, "all"), job.createdAt, job.jobId);
  await deps.redis.zremrangebyrank(key(deps, "all"), 0, -RECENT - 1);
  await deps.redis.zadd(key(deps, "active"), job.createdAt, job.jobId);
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

/** Written before the change, so that no change is without its way back; an entry whose change did not happen fits no version. */
export async function noteUndo(deps: Deps, jobId: string, entries: readonly UndoEntry[]): Promise<void> {
  if (entries.length === 0) return;
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
