import { type BulkJob, JOB_STATES, JOB_TITLES } from "./words";

/** The title of the browser tab: "Running · Pause schedules". */
export function jobTabTitle(job: Pick<BulkJob, "status" | "action"> | undefined): string {
  return job ? `${JOB_STATES[job.status].label} · ${JOB_TITLES[job.action]}` : "Bulk job";
}
