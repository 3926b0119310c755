import { Ban, CircleCheck, CircleDashed, LoaderCircle } from "lucide-react";
import type { RouterOutputs } from "~/components/trpc/client";

export type BulkJob = RouterOutputs["bulk"]["get"];
export type BulkAction = BulkJob["action"];

const SCHEDULES = { label: "Schedules", href: "/schedules" };
/** The breadcrumb of the list of jobs. */
export const BULK_BREADCRUMB = [SCHEDULES, { label: "Bulk jobs" }];
/** The breadcrumb of a job. */
export const jobBreadcrumb = (title: string) => [SCHEDULES, { label: "Bulk jobs", href: "/bulk" }, { label: title }];

export const JOB_TITLES: Record<BulkAction, string> = {
  pause: "Pause schedules",
  resume: "Resume schedules",
  delete: "Delete schedules",
  execute: "Run schedules now",
  retag: "Retag schedules",
  spread: "Spread out schedules",
  undo: "Undo",
  replay: "Replay dead letters",
  discard: "Discard dead letters",
};

/** The label of the count of changed items. */
export const CHANGED_LABELS: Record<BulkAction, string> = {
  pause: "Paused",
  resume: "Resumed",
  delete: "Deleted",
  execute: "Started",
  retag: "Retagged",
  spread: "Spread out",
  undo: "Undone",
  replay: "Replayed",
  discard: "Discarded",
};

/** What happens to the missed runs of resumed schedules. */
export const MISSED_LABELS: Record<NonNullable<BulkJob["missed"]>, string> = {
  none: "Skip them",
  last: "Run the last one of each schedule",
  all: "Run all of them",
};

/** The effect of an undo of each action. Actions without a text cannot be undone. */
export const UNDO_EFFECTS: Partial<Record<BulkAction, string>> = {
  pause: "Resumes the schedules that the job paused. Missed runs follow each schedule's catch-up policy.",
  resume: "Pauses the schedules that the job resumed, with their earlier reasons and end times.",
  retag: "Gives the schedules their earlier tags back.",
  spread: "Gives the schedules their earlier times and jitter back.",
};

export const JOB_STATES = {
  queued: { label: "Queued", Icon: CircleDashed, tone: "neutral" },
  running: { label: "Running", Icon: LoaderCircle, tone: "info" },
  done: { label: "Done", Icon: CircleCheck, tone: "success" },
  aborted: { label: "Aborted", Icon: Ban, tone: "warning" },
} as const;
