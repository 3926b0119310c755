import { AppError } from "~/server/domain/errors";
import { boundContent } from "~/server/domain/ledger";
import type { Schedule } from "~/server/domain/schedule";
import type { PutInput } from "~/server/ports/hot/schedules";
import type { Deps } from "../ctx";
import { inDoubt } from "../in-doubt";
import { currentSchedule, staleVersion } from "./current";

/**
 * Stores an edit. Returns the stored row or, if a request with the same idempotency key has made this edit, the current
 * row. Throws `version_stale`, `not_found`, `conflict`, `may_have_been_kept`.
 */
export async function putEdit(deps: Deps, input: PutInput): Promise<Schedule> {
  const { executions = [] } = input;
  const result = await inDoubt("The change", deps.hot.put({ ...input, executions: boundContent(executions) }));
  switch (result.status) {
    case "stored":
      return result.schedule;
    case "stale":
      throw staleVersion(undefined, result.currentVersion);
    case "answered":
      return currentSchedule(deps, input.schedule.scheduleId);
    case "deleted":
    case "exists":
      throw new AppError("not_found", `The schedule ${input.schedule.scheduleId} no longer exists.`);
    case "in_flight":
      throw new AppError("conflict", "The one-time schedule is in flight, so it can only be deleted.");
  }
}
