import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { PutInput } from "~/server/ports/hot/schedules";
import type { Deps } from "../ctx";
import { inDoubt } from "../in-doubt";
import { currentSchedule, staleVersion } from "./current";

/**
 * Stores an edit, or throws what a caller may be told: `version_stale`, `not_found`, `conflict`, `may_have_been_kept`.
 * Answers the row as it was stored; under an idempotency key that has made this edit before, the row as it is now.
 */
export async function putEdit(deps: Deps, input: PutInput): Promise<Schedule> {
  const result = await inDoubt("The change", deps.hot.put(input));
  switch (result.status) {
    case "stored":
      return result.schedule;
    case "stale":
      throw staleVersion(undefined, result.currentVersion);
    case "answered":
      return currentSchedule(deps, input.schedule.scheduleId);
    case "deleted":
    case "exists":
      throw new AppError("not_found", `No schedule has the id ${input.schedule.scheduleId} any more.`);
    case "in_flight":
      throw new AppError(
        "conflict",
        "The one-time schedule is being published at this moment; it can't be changed any more.",
      );
  }
}
