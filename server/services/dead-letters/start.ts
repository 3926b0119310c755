import { bulkJobName } from "~/server/domain/audit/bulk-job-name";
import type { ExecutionRow } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import { writeAudit } from "../audit";
import { type BulkJob, enqueueJob } from "../bulk/jobs";
import { BULK_CLAIM_MS, newJob, requireTarget } from "../bulk/start";
import type { Ctx, Deps } from "../ctx";
import { listExecutions } from "../executions/list";
import { keyedRequest, once } from "../idempotency";
import { OVERLAY_LIMIT } from "../newest-schedules";
import type { DecideInput } from "./inputs";

/** Executions per query. */
const PAGE = 500;
/** Maximum number of dead letters that a preview shows. */
const SAMPLE = 20;

/** For given ids, `count` is their number, whatever they identify, and `sample` is empty. */
export interface DecidePreview {
  count: number;
  sample: Pick<ExecutionRow, "executionId" | "scheduleName" | "scheduleId" | "topic" | "error" | "scheduledFor">[];
}

/**
 * Starts a bulk job that replays or discards the given dead letters, or all dead letters that match now. With `dryRun`
 * only returns a preview. Throws `validation_failed` for an empty filter, and for both or neither of ids and filter;
 * and the codes of an idempotency key that was reused or is in progress.
 */
export async function decideDeadLetters(call: { ctx: Ctx; input: DecideInput }): Promise<BulkJob | DecidePreview> {
  const { ctx } = call;
  const { idempotencyKey: key, ...request } = call.input;
  requireRight(ctx, request.dryRun ? "executions:read" : "dead_letters:decide");
  const keyed = request.dryRun ? null : keyedRequest({ ctx, call: "dead_letters.decide", key, request });
  return once({ ctx, keyed, claimMs: BULK_CLAIM_MS }, (jobId) => startJob({ ctx, input: request }, jobId));
}

async function startJob(
  call: { ctx: Ctx; input: DecideInput },
  jobId: string | null,
): Promise<BulkJob | DecidePreview> {
  const { ctx, input } = call;
  const principal = requireRight(ctx, input.dryRun ? "executions:read" : "dead_letters:decide");
  requireTarget(input, "every dead letter");
  const { ids, sample } = input.ids
    ? { ids: await ownIds(ctx.deps, [...new Set(input.ids)]), sample: [] }
    : await matching(call);
  if (input.dryRun) return { count: ids.length, sample };
  const filter = input.filter ?? null;
  const job = { ...newJob({ ctx, principal, action: input.action, total: ids.length, jobId }), filter };
  const started = await enqueueJob(ctx.deps, job, ids);
  const after = { total: ids.length, filter };
  const action = `dead_letters.${input.action}` as const;
  await writeAudit(ctx, { action, target: job.jobId, targetName: bulkJobName(job), after });
  return started;
}

export async function previewDeadLetters(call: { ctx: Ctx; input: DecideInput }): Promise<DecidePreview> {
  return (await decideDeadLetters({ ...call, input: { ...call.input, dryRun: true } })) as DecidePreview;
}

/** Leaves out ids outside of the caller's scope, because a worker of a release without scopes would not skip them. */
async function ownIds(deps: Deps, ids: readonly string[]): Promise<readonly string[]> {
  if (deps.scope === undefined) return ids;
  // Read the outbox first, so that a row that is recorded between the two reads is found.
  const { executions } = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const own = new Set(executions.map(({ executionId }) => executionId));
  for (let from = 0; from < ids.length; from += PAGE) {
    const names = await deps.store.executionNames(ids.slice(from, from + PAGE));
    for (const { executionId } of names) own.add(executionId);
  }
  return ids.filter((id) => own.has(id));
}

async function matching({ ctx, input }: { ctx: Ctx; input: DecideInput }) {
  const ids = new Set<string>();
  const sample: DecidePreview["sample"] = [];
  for (let cursor: string | undefined; ; ) {
    const filter = { ...input.filter, status: ["dead" as const], decided: false };
    const page = await listExecutions({ ctx, input: { ...filter, sort: "scheduled_for", limit: PAGE, cursor } });
    for (const { executionId, scheduleName, scheduleId, topic, error, scheduledFor } of page.items) {
      if (sample.length < SAMPLE) sample.push({ executionId, scheduleName, scheduleId, topic, error, scheduledFor });
      ids.add(executionId);
    }
    if (page.nextCursor === null) return { ids: [...ids], sample };
    cursor = page.nextCursor;
  }
}
