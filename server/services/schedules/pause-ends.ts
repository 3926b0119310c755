import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";

/** Notes when a pause ends by itself, if it does. */
export async function notePauseEnd(deps: Pick<Deps, "pauseEnds">, schedule: Schedule): Promise<void> {
  if (schedule.pausedUntil !== null) await deps.pauseEnds.note(schedule.scheduleId, schedule.pausedUntil);
}
