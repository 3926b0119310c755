import { AppError } from "~/server/domain/errors";
import { HEALTH_LIMITS } from "~/server/domain/health-limits";
import { eventId, replayNumber } from "~/server/domain/ids";
import type { RelatedExecution } from "~/server/ports/store/executions";
import type { Deps } from "../ctx";
import { decide } from "../executions/decide";
import { findEnded } from "../executions/get";
import { lineageInFlight, lineageKeys } from "../executions/lineage-keys";
import { replayEnded } from "../executions/replay";
import { ANSWER_MS } from "./job";
import { addFailure, type BulkJob } from "./jobs";

/**
 * Whether the job replayed an execution before Redis lost the answers about the job's replays. Its replays are those of
 * its actor since its start. Earlier replays and replays by others are not.
 */
async function wasReplayed(deps: Deps, job: BulkJob, ended: { key: string; scheduledFor: number }): Promise<boolean> {
  if (!job.restored) return false;
  const keys = lineageKeys(ended.key);
  const rows = await deps.store.relatedExecutions({ scheduledForMs: ended.scheduledFor, ids: keys.map(eventId) });
  const startMs = job.createdAt - HEALTH_LIMITS.skewWarning;
  const isOwn = (row: RelatedExecution) =>
    row.key !== ended.key && row.actor === job.actor && row.effectiveAt >= startMs;
  if (rows.some(isOwn)) return true;
  const recorded = new Set(rows.map(({ key }) => replayNumber(key)));
  const inFlight = await lineageInFlight(deps, { key: ended.key, keys, ended: recorded });
  for (const [key, { actor }] of inFlight) {
    if (actor === job.actor && ((await deps.hot.instance(key))?.effectiveMs ?? 0) >= startMs) return true;
  }
  return false;
}

/**
 * Replays or discards the dead letters of one step. A repeated step replays no dead letter twice and leaves none out.
 * It writes the decisions again, which changes nothing.
 */
export async function decideItems(deps: Deps, job: BulkJob, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const ended = (await deps.store.getExecution(id)) ?? (await findEnded(deps, id));
    if (ended?.outcome !== "dead") {
      job.skipped += 1;
      continue;
    }
    try {
      const { actor } = job;
      if (job.action === "discard") {
        await decide(deps, { ended, decision: "discarded", actor });
      } else if (!(await wasReplayed(deps, job, ended))) {
        await replayEnded(deps, { ended, actor, seed: `${job.jobId}:${id}`, answerMs: ANSWER_MS });
      }
      job.changed += 1;
    } catch (error) {
      // If a store is unreachable, the whole step is repeated. Any other error is a failure of this item.
      if (!(error instanceof AppError) || error.status === 503) throw error;
      addFailure(job, id, error.message);
    }
  }
}
