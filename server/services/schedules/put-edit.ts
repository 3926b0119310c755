import type { PutInput } from "~/server/adapters/redis/hot-tier-types";
import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { staleVersion } from "./current";

/** Stores an edit, or throws what a caller may be told: `version_stale`, `not_found`, `conflict`. Answers the row as it was stored. */
export async function putEdit(deps: Deps, input: PutInput): Promise<Schedule> {
  const result = await deps.hot.put(input);
  switch (result.status) {
    case "stored":
      return result.schedule;
    case "stale":
      throw staleVersion(undefined, result.currentVersion);
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
