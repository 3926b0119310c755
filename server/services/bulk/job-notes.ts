import type { Deps } from "../ctx";
import type { BulkJob, UndoEntry } from "./job";

/*
 * Jobs stand in Redis; what is needed to go on with one, or to take it back, also goes to ClickHouse through the
 * outbox. A wiped Redis is given it back as of the last second, and whoever goes on does again at most the steps of
 * that second.
 */

/** In the order of a job's parts; their numbers sort as text. */
const partKey = (what: "ids" | "undo", jobId: string, n: number) => `${what}/${jobId}/${String(n).padStart(9, "0")}`;

export async function noteJob(deps: Deps, job: BulkJob): Promise<void> {
  await deps.hot.append("j", JSON.stringify({ id: `job/${job.jobId}`, at: deps.clock.now(), job }));
}

/** `from`: the place of the first one in the job's list. */
export async function noteIds(
  deps: Deps,
  given: { jobId: string; from: number; ids: readonly string[] },
): Promise<void> {
  const { jobId, from, ids } = given;
  await deps.hot.append("j", JSON.stringify({ id: partKey("ids", jobId, from), at: deps.clock.now(), ids }));
}

/** `step`: where the job stands; a step that is done again replaces what it noted before. */
export async function noteUndoEntries(
  deps: Deps,
  given: { jobId: string; step: number; entries: readonly UndoEntry[] },
): Promise<void> {
  const { jobId, step, entries } = given;
  await deps.hot.append("j", JSON.stringify({ id: partKey("undo", jobId, step), at: deps.clock.now(), entries }));
}
