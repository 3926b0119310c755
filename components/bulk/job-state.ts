import type { BulkAction, BulkJob } from "./words";

export const isOver = (job: Pick<BulkJob, "endedAt">) => job.endedAt !== null;

const RUNNING_POLL_MS = 1000;
export const IDLE_POLL_MS = 15_000;

/** The interval at which the list of jobs is refetched: short before the first answer and while a job is not over. */
export function jobsPollMs(jobs: readonly Pick<BulkJob, "endedAt">[] | undefined): number {
  return jobs?.every(isOver) ? IDLE_POLL_MS : RUNNING_POLL_MS;
}

const UNDOABLE: readonly BulkAction[] = ["pause", "resume", "retag", "spread"];
export const canUndo = (job: BulkJob) => isOver(job) && job.changed > 0 && UNDOABLE.includes(job.action);

/** Estimated time left, ms, at the job's average speed. Null before progress, when done, and in the first 2 s. */
export function timeLeftMs(job: Pick<BulkJob, "startedAt" | "done" | "total">, nowMs: number): number | null {
  if (job.startedAt === null || job.done === 0 || job.done >= job.total) return null;
  const spentMs = nowMs - job.startedAt;
  return spentMs < 2000 ? null : (spentMs / job.done) * (job.total - job.done);
}
