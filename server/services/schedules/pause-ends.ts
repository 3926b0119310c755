import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";

/** Stores the end of a pause, if it has one, so that a worker resumes the schedule then. */
export async function storePauseEnd(deps: Pick<Deps, "pauseEnds">, schedule: Schedule): Promise<void> {
  if (schedule.pausedUntil !== null) await deps.pauseEnds.set(schedule.scheduleId, schedule.pausedUntil);
}
