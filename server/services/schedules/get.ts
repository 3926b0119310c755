import { auditName } from "~/server/domain/audit/audit-name";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { reveal } from "../protection/content";
import { currentSchedule } from "./current";
import type { GetScheduleInput } from "./inputs";
import { scheduleView } from "./view";

/**
 * Returns the newest state of a schedule, with `reveal` also its protected values. Throws `not_found`, and for `reveal`
 * `forbidden` without the right, and `conflict` for content that cannot be decrypted.
 */
export async function getSchedule(call: { ctx: Ctx; input: GetScheduleInput }): Promise<ScheduleView> {
  requireRight(call.ctx, "schedules:read");
  const { ctx, input } = call;
  const schedule = await currentSchedule(ctx.deps, input.scheduleId);
  const how = await reveal(ctx, input.reveal, {
    action: "schedule.reveal",
    target: input.scheduleId,
    targetName: auditName(schedule),
    after: { version: schedule.version },
  });
  return scheduleView(ctx.deps, schedule, how);
}
