import type { Deps } from "../ctx";
import type { BulkJob, UndoEntry } from "./job";

/*
 * Redis holds the jobs. Everything needed to continue or undo a job also goes to ClickHouse through the outbox, so a
 * wiped Redis loses at most the last second, whose steps are repeated.
 */

/** Keys in the order of a job's parts, because numbers are compared as text. */
const partKey = (what: "ids" | "undo", jobId: string, n: number) => `${what}/${jobId}/${String(n).padStart(9, "0")}`;

export async function noteJob(deps: Deps, job: BulkJob): Promise<void> {
  await deps.hot.append("j", JSON.stringify({ id: `job/${job.jobId}`, at: deps.clock.now(), job }));
}

/** Records ids of a job. `from`: the index of the first one in the job's list. */
export async function noteIds(
  deps: Deps,
  part: { jobId: string; from: number; ids: readonly string[] },
): Promise<void> {
  const { jobId, from, ids } = part;
  await deps.hot.append("j", JSON.stringify({ id: partKey("ids", jobId, from), at: deps.clock.now(), ids }));
}

/** Records undo entries of a step. `step`: the job's position, so that a repeated step replaces its entries. */
export async function noteUndoEntries(
  deps: Deps,
  part: { jobId: string; step: number; entries: readonly UndoEntry[] },
): Promise<void> {
  const { jobId, step, entries } = part;
  await deps.hot.append("j", JSON.stringify({ id: partKey("undo", jobId, step), at: deps.clock.now(), entries }));
}
