import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { currentSchedule } from "./current";
import type { ScheduleId } from "./inputs";
import { scheduleView } from "./view";

/** Returns the newest state of a schedule. Throws `not_found`. */
export async function getSchedule(call: { ctx: Ctx; input: ScheduleId }): Promise<ScheduleView> {
  requireRight(call.ctx, "schedules:read");
  return scheduleView(await currentSchedule(call.ctx.deps, call.input.scheduleId));
}
