import type { ScheduleName } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { findSchedules } from "../newest-schedules";
import type { ScheduleIds } from "./inputs";

/** Returns the names of schedules, in the order of the ids. Includes deleted schedules and omits unknown ids. */
export async function namesOfSchedules(call: { ctx: Ctx; input: ScheduleIds }): Promise<ScheduleName[]> {
  requireRight(call.ctx, "schedules:read");
  const rows = await findSchedules(call.ctx.deps, call.input.scheduleIds);
  return call.input.scheduleIds.flatMap((scheduleId) => {
    const row = rows.get(scheduleId);
    if (row === undefined) return [];
    const { name, entityType, action, entityId } = row;
    return [{ scheduleId, name, entityType, action, entityId }];
  });
}
