import type { RouterOutputs } from "~/components/trpc/client";

export type BulkJob = RouterOutputs["bulk"]["get"];
export type BulkAction = BulkJob["action"];

/** The titles of jobs. */
export const JOB_TITLES: Record<BulkAction, string> = {
  pause: "Pause schedules",
  resume: "Resume schedules",
  delete: "Delete schedules",
  execute: "Run schedules now",
  retag: "Retag schedules",
  undo: "Undo",
  replay: "Replay dead letters",
  discard: "Discard dead letters",
};

/** The label of the count of changed items. */
export const CHANGED_WORDS: Record<BulkAction, string> = {
  pause: "Paused",
  resume: "Resumed",
  delete: "Deleted",
  execute: "Started",
  retag: "Retagged",
  undo: "Undone",
  replay: "Replayed",
  discard: "Discarded",
};

export const JOB_STATES = {
  queued: { label: "Queued", tone: "neutral" },
  running: { label: "Running", tone: "info" },
  done: { label: "Done", tone: "success" },
  aborted: { label: "Aborted", tone: "warning" },
} as const;

export const isOver = (job: Pick<BulkJob, "endedAt">) => job.endedAt !== null;
const UNDOABLE: readonly BulkAction[] = ["pause", "resume", "retag"];
export const canUndo = (job: BulkJob) => isOver(job) && job.changed > 0 && UNDOABLE.includes(job.action);

/** Estimated time left, ms; null during the first 2 s, when an estimate would be too rough. */
export function timeLeftMs(job: Pick<BulkJob, "startedAt" | "done" | "total">, nowMs: number): number | null {
  if (job.startedAt === null || job.done === 0 || job.done >= job.total) return null;
  const spentMs = nowMs - job.startedAt;
  return spentMs < 2000 ? null : (spentMs / job.done) * (job.total - job.done);
}
