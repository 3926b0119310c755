import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { findSchedule } from "../newest-schedules";

/**
 * Returns the newest row of a schedule from the hot tier, the outbox or ClickHouse. Throws `not_found` if it is unknown
 * or deleted.
 */
export async function currentSchedule(deps: Deps, scheduleId: string): Promise<Schedule> {
  const found = await findSchedule(deps, scheduleId);
  if (found === null || found.state.deleted) {
    throw new AppError("not_found", `No schedule has the id ${scheduleId}.`);
  }
  return found;
}

/** Throws `version_stale` if the caller edited another version. */
export function requireVersion(current: Schedule, expected: number | undefined): void {
  if (expected !== undefined && expected !== current.version) throw staleVersion(expected, current.version);
}

export function staleVersion(expected: number | undefined, currentVersion: number): AppError {
  return new AppError(
    "version_stale",
    `The schedule is at version ${currentVersion}${expected === undefined ? "" : `, not ${expected}`}; load it and apply your change again.`,
    { details: { currentVersion } },
  );
}
