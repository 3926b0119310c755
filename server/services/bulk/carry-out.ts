import { AppError } from "~/server/domain/errors";
import { replayKey } from "~/server/domain/ids";
import type { Deps } from "../ctx";
import { decide } from "../executions/decide";
import { findEnded } from "../executions/get";
import { replayEnded } from "../executions/replay";
import { type BulkJob, noteFailure } from "./jobs";

/**
 * Whether a job replayed an execution before Redis was lost. Redis had the list, so ask the ledger and the running
 * replays instead.
 */
async function wasReplayed(deps: Deps, job: BulkJob, ended: { key: string }): Promise<boolean> {
  if (!job.restored || job.action !== "replay") return false;
  const key = replayKey(ended.key, 1);
  const [settled, running] = await Promise.all([deps.store.settledKeys([key]), deps.hot.instances([key])]);
  return settled.has(key) || running.has(key);
}

/** Runs one step of a job over dead letters. A repeat of the step after a crash replays or discards nothing twice. */
export async function carryOut(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const ended = (await deps.store.getExecution(id)) ?? (await findEnded(deps, id));
    if (
      ended?.outcome !== "dead" ||
      (await wasReplayed(deps, job, ended)) ||
      !(await deps.bulkJobs.firstRun(job.jobId, id))
    ) {
      job.skipped += 1;
      continue;
    }
    try {
      if (job.action === "replay") await replayEnded(deps, { ended, actor: job.actor, seed: null });
      else await decide(deps, { ended, decision: "discarded", actor: job.actor });
      job.changed += 1;
    } catch (error) {
      // If a store is unreachable the whole step is repeated. Any other error is a failure of this execution.
      if (!(error instanceof AppError) || error.status === 503) {
        await deps.bulkJobs.forgetRun(job.jobId, id);
        throw error;
      }
      noteFailure(job, id, error.message);
    }
  }
}
