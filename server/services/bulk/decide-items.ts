import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import { AppError } from "~/server/domain/errors";
import { HEALTH_LIMITS } from "~/server/domain/health-limits";
import { eventId, replayNumber } from "~/server/domain/ids";
import type { RelatedExecution } from "~/server/ports/store/executions";
import type { Deps } from "../ctx";
import { decide } from "../executions/decide";
import { findEnded } from "../executions/get";
import { lineageInFlight, lineageKeys } from "../executions/lineage-keys";
import { replayEnded } from "../executions/replay";
import { addFailure, type BulkJob } from "./jobs";

/**
 * The id of the job's replay of an execution from before Redis lost the answers about the job's replays; null if there
 * is none. Its replays are those of its actor since its start. Earlier replays and replays by others are not.
 */
async function replayBeforeLoss(
  deps: Deps,
  job: BulkJob,
  ended: { key: string; scheduledFor: number },
): Promise<string | null> {
  if (!job.restored) return null;
  const keys = lineageKeys(ended.key);
  const rows = await deps.store.relatedExecutions({ scheduledForMs: ended.scheduledFor, ids: keys.map(eventId) });
  const startMs = job.createdAt - HEALTH_LIMITS.skewWarning;
  const isOwn = (row: RelatedExecution) =>
    row.key !== ended.key && row.actor === job.actor && row.effectiveAt >= startMs;
  const own = rows.find(isOwn);
  if (own !== undefined) return own.executionId;
  const recorded = new Set(rows.map(({ key }) => replayNumber(key)));
  const inFlight = await lineageInFlight(deps, { key: ended.key, keys, ended: recorded });
  for (const [key, { actor }] of inFlight) {
    if (actor === job.actor && ((await deps.hot.instance(key))?.effectiveMs ?? 0) >= startMs) return eventId(key);
  }
  return null;
}

/**
 * Replays or discards the dead letters of one step. A repeated step replays no dead letter twice and leaves none out.
 * It writes the decisions again, because Redis may have lost a decision but not its replay, which is in another shard.
 */
export async function decideItems(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      if (await decideItem(deps, job, id)) job.changed += 1;
      else job.skipped += 1;
    } catch (error) {
      // If a store is unreachable, the whole step is repeated. A refusal or bad data is a failure of this item.
      const isRefusal = error instanceof AppError && error.status !== 503;
      if (!isRefusal && !isDataFault(error)) throw error;
      addFailure(job, id, reasonOf(error));
    }
  }
}

/** Returns false if the execution is not dead. */
async function decideItem(deps: Deps, job: BulkJob, id: string): Promise<boolean> {
  const { actor } = job;
  const ended = (await deps.store.getExecution(id)) ?? (await findEnded(deps, id));
  if (ended?.outcome !== "dead") return false;
  if (job.action === "discard") {
    await decide(deps, { ended, decision: "discarded", actor });
    return true;
  }
  const replayId = await replayBeforeLoss(deps, job, ended);
  if (replayId === null) await replayEnded(deps, { ended, actor, seed: `${job.jobId}:${id}` });
  else await decide(deps, { ended, decision: "replayed", actor, replayId });
  return true;
}
