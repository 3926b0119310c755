import { deleteChange } from "~/server/domain/changes/changes";
import { requireRight } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx } from "../ctx";
import { afterChange } from "../in-doubt";
import { currentSchedule, requireVersion } from "./current";
import { withoutEarlier } from "./earlier-rows";
import type { DeleteScheduleInput } from "./inputs";
import { putEdit } from "./put-edit";
import { retryOvertaken } from "./retry-overtaken";

/**
 * Deletes a schedule and frees its name; its history stays. A promotion or retry in flight cannot bring it back. Throws
 * `not_found`, `version_stale`.
 */
export function deleteSchedule(call: { ctx: Ctx; input: DeleteScheduleInput }): Promise<void> {
  return retryOvertaken(call.input.expectedVersion, () => deleteOnce(call));
}

async function deleteOnce({ ctx, input }: { ctx: Ctx; input: DeleteScheduleInput }): Promise<void> {
  const principal = requireRight(ctx, "write");
  const { deps } = ctx;
  const current = await currentSchedule(deps, input.scheduleId);
  requireVersion(current, input.expectedVersion);
  const nowMs = deps.clock.now();
  const actor = principal.email ?? principal.name;
  const put = deleteChange({ current, nowMs, actor, settings: deps.settings.current() });
  await putEdit(deps, await withoutEarlier(deps, current, put));
  const { name, scheduleId } = current;
  if (name !== null) await afterChange("The change", deps.hot.releaseName({ name, scheduleId }));
  await writeAudit(ctx, {
    action: "schedule.delete",
    target: current.scheduleId,
    before: { name: current.name, version: current.version },
  });
}
