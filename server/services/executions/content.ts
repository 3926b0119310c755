import type { StoredExecution } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";
import type { ExecutionView } from "~/server/domain/views";
import type { Deps } from "../ctx";
import { findSchedule } from "../newest-schedules";

type Content = Pick<StoredExecution, "payload" | "headers" | "rawValue" | "actorType" | "actorId">;

/**
 * Returns the content that an ended execution published or would have published. A row without content belongs to an
 * occurrence that did not run. Its content is that of the schedule, if the schedule still has the row's version.
 */
export async function contentOf(
  deps: Deps,
  ended: StoredExecution,
): Promise<Content & { from: ExecutionView["contentFrom"] }> {
  if (ended.payload !== "") return { ...pick(ended), from: "recorded" };
  const schedule = await findSchedule(deps, ended.scheduleId);
  if (schedule !== null && isVersionOf(schedule, ended)) return { ...pick(schedule), from: "definition" };
  return { ...pick(ended), from: "unknown" };
}

/** Also accepts the version after a delete, because a delete does not change the content. */
function isVersionOf({ version, state }: Schedule, { scheduleVersion }: StoredExecution): boolean {
  return version === scheduleVersion || (state.deleted && version === scheduleVersion + 1);
}

function pick({ payload, headers, rawValue, actorType, actorId }: Content): Content {
  return { payload, headers, rawValue, actorType, actorId };
}
