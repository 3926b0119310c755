import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Deps } from "../ctx";
import type { BulkJob, UndoEntry } from "./job";

/*
 * Redis has the jobs. ClickHouse gets all data that is needed to continue or undo a job. After a loss of Redis, a job
 * repeats the steps of about the last second, which were not recorded.
 */

/** Pads the number, because keys are compared as text. */
const partKey = (what: "ids" | "undo", jobId: string, n: number) => `${what}/${jobId}/${String(n).padStart(9, "0")}`;

export async function appendJobToOutbox(deps: Deps, job: BulkJob): Promise<void> {
  await deps.hot.append(DOCUMENT_KIND.bulkJob, JSON.stringify({ id: `job/${job.jobId}`, at: deps.clock.now(), job }));
}

/** `from`: the index of the first id in the job's list. */
export async function appendIdsToOutbox(
  deps: Deps,
  part: { jobId: string; from: number; ids: readonly string[] },
): Promise<void> {
  const { jobId, from, ids } = part;
  await deps.hot.append(
    DOCUMENT_KIND.bulkJob,
    JSON.stringify({ id: partKey("ids", jobId, from), at: deps.clock.now(), ids }),
  );
}

/** `step`: the index of the first item of the step. A repeated step replaces its entries. */
export async function appendUndoToOutbox(
  deps: Deps,
  part: { jobId: string; step: number; entries: readonly UndoEntry[] },
): Promise<void> {
  const { jobId, step, entries } = part;
  await deps.hot.append(
    DOCUMENT_KIND.bulkJob,
    JSON.stringify({ id: partKey("undo", jobId, step), at: deps.clock.now(), entries }),
  );
}
