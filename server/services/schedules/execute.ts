import { eventId, manualKey } from "~/server/domain/ids";
import { requireRight } from "../access/require-right";
import { recordAudit } from "../audit";
import type { Ctx } from "../ctx";
import { currentSchedule } from "./current";
import type { ScheduleId } from "./inputs";

/** Run now: one occurrence beside the plan, also of a paused or completed schedule. Answers the execution's id. */
export async function executeSchedule(call: {
  ctx: Ctx;
  input: ScheduleId;
}): Promise<{ executionId: string; wasPaused: boolean }> {
  const { ctx } = call;
  const principal = requireRight(ctx, "write");
  const schedule = await currentSchedule(ctx.deps, call.input.scheduleId);
  const nowMs = await ctx.deps.hot.now();
  const key = manualKey(schedule.scheduleId);
  await ctx.deps.hot.enqueue({
    schedule,
    instance: {
      key,
      nominalMs: nowMs,
      effectiveMs: nowMs,
      trigger: "manual",
      actor: principal.email ?? principal.name,
      lane: null,
    },
  });
  const executionId = eventId(key);
  await recordAudit(ctx, { action: "schedule.execute", target: schedule.scheduleId, after: { executionId } });
  return { executionId, wasPaused: !schedule.enabled };
}
