import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";

/** Records the end of a pause that ends by itself. */
export async function storePauseEnd(deps: Pick<Deps, "pauseEnds">, schedule: Schedule): Promise<void> {
  if (schedule.pausedUntil !== null) await deps.pauseEnds.set(schedule.scheduleId, schedule.pausedUntil);
}
