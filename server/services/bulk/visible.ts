import { isInScope } from "~/server/domain/scope";
import type { Ctx } from "../ctx";
import { type BulkJob, loadJob, noJob } from "./jobs";

/** A caller with a scope sees only its own jobs, and of these only jobs over topics that are still in its scope. */
export function isVisibleJob({ deps, principal }: Ctx, job: BulkJob): boolean {
  const { scope } = deps;
  if (scope === undefined) return true;
  return (
    job.caller?.id === principal?.id && job.scope !== null && job.scope.every((prefix) => isInScope(scope, prefix))
  );
}

/** The job with this id. Throws AppError `not_found`, also for a job that the caller may not see. */
export async function visibleJob(ctx: Ctx, jobId: string): Promise<BulkJob> {
  const job = await loadJob(ctx.deps, jobId);
  if (isVisibleJob(ctx, job)) return job;
  throw noJob(jobId);
}
