import { dataOf, type Schemas } from "@stufio/schedules-client";
import type { Context } from "./context.js";
import { EXIT, type ExitCode } from "./exit.js";
import { pause } from "./pause.js";

type BulkJob = Schemas["BulkJob"];

const LONGEST_PAUSE_MS = 2000;

/** Follows a bulk job to its end, with its progress on standard error. Prints the job. */
export async function finishJob(context: Context, started: BulkJob, done: string): Promise<ExitCode> {
  const client = await context.client();
  let job = started;
  for (
    let waitMs = 200;
    job.status === "queued" || job.status === "running";
    waitMs = Math.min(LONGEST_PAUSE_MS, waitMs * 1.5)
  ) {
    context.progress.update(`${job.done} of ${job.total}`);
    await pause(waitMs, context.call.signal);
    const params = { path: { id: job.job_id } };
    job = dataOf(await client.api.GET("/admin/schedules/bulk/{id}", { params, ...context.call }));
  }
  context.progress.end();
  const { changed, skipped, failed, failures, status, job_id } = job;
  const parts = [`${done} ${changed}`, `${skipped} skipped`, `${failed} failed`];
  context.print.done(`${parts.join(", ")} (job ${job_id}, ${status})`, job);
  if (context.print.format === "table") for (const { id, reason } of failures) context.note(`${id}: ${reason}`);
  return failed > 0 || status === "aborted" ? EXIT.failure : EXIT.ok;
}
