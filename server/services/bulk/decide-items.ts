import { AppError } from "~/server/domain/errors";
import { replayKey } from "~/server/domain/ids";
import type { Deps } from "../ctx";
import { decide } from "../executions/decide";
import { findEnded } from "../executions/get";
import { replayEnded } from "../executions/replay";
import { addFailure, type BulkJob } from "./jobs";

/**
 * Whether the job replayed an execution before Redis lost the list of the job's processed items. The replay has the
 * number 1, because a dead letter has no earlier replay.
 */
async function wasReplayed(deps: Deps, job: BulkJob, ended: { key: string }): Promise<boolean> {
  if (!job.restored || job.action !== "replay") return false;
  const key = replayKey(ended.key, 1);
  const [settled, running] = await Promise.all([deps.store.settledKeys([key]), deps.hot.instances([key])]);
  return settled.has(key) || running.has(key);
}

/** Replays or discards the dead letters of one step. A repeated step decides about no dead letter twice. */
export async function decideItems(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const ended = (await deps.store.getExecution(id)) ?? (await findEnded(deps, id));
    if (
      ended?.outcome !== "dead" ||
      (await wasReplayed(deps, job, ended)) ||
      !(await deps.bulkJobs.claimItem(job.jobId, id))
    ) {
      job.skipped += 1;
      continue;
    }
    try {
      if (job.action === "replay") await replayEnded(deps, { ended, actor: job.actor, seed: null });
      else await decide(deps, { ended, decision: "discarded", actor: job.actor });
      job.changed += 1;
    } catch (error) {
      // If a store is unreachable, the whole step is repeated. Any other error is a failure of this item.
      if (!(error instanceof AppError) || error.status === 503) {
        await deps.bulkJobs.releaseItem(job.jobId, id);
        throw error;
      }
      addFailure(job, id, error.message);
    }
  }
}
