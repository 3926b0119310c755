import type { BulkAction, BulkJob } from "./words";

export const isOver = (job: Pick<BulkJob, "endedAt">) => job.endedAt !== null;
const UNDOABLE: readonly BulkAction[] = ["pause", "resume", "retag", "spread"];
export const canUndo = (job: BulkJob) => isOver(job) && job.changed > 0 && UNDOABLE.includes(job.action);

/** Estimated time left, ms, at the job's average speed. Null before progress, when done, and in the first 2 s. */
export function timeLeftMs(job: Pick<BulkJob, "startedAt" | "done" | "total">, nowMs: number): number | null {
  if (job.startedAt === null || job.done === 0 || job.done >= job.total) return null;
  const spentMs = nowMs - job.startedAt;
  return spentMs < 2000 ? null : (spentMs / job.done) * (job.total - job.done);
}
