import { AppError } from "~/server/domain/errors";
import { replayKey } from "~/server/domain/ids";
import type { Deps } from "../ctx";
import { decide } from "../executions/decide";
import { findEnded } from "../executions/get";
import { replayEnded } from "../executions/replay";
import { type BulkJob, noteFailure } from "./jobs";

/**
 * Which of a job were replayed is noted in Redis; where that was lost, the ledger or the replay that still runs tells.
 */
async function wasReplayed(deps: Deps, job: BulkJob, ended: { key: string }): Promise<boolean> {
  if (!job.restored || job.action !== "replay") return false;
  const key = replayKey(ended.key, 1);
  const [settled, running] = await Promise.all([deps.store.settledKeys([key]), deps.hot.instances([key])]);
  return settled.has(key) || running.has(key);
}

/** One step of a job over dead letters. Whoever does it again after a crash neither replays nor discards one twice. */
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
      // Redis or ClickHouse is away: the step is done again, this one included. Anything else is this one's own fault.
      if (!(error instanceof AppError) || error.status === 503) {
        await deps.bulkJobs.forgetRun(job.jobId, id);
        throw error;
      }
      noteFailure(job, id, error.message);
    }
  }
}
