import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";

/** Records the end of a pause that ends by itself. */
export async function notePauseEnd(deps: Pick<Deps, "pauseEnds">, schedule: Schedule): Promise<void> {
  if (schedule.pausedUntil !== null) await deps.pauseEnds.note(schedule.scheduleId, schedule.pausedUntil);
}
