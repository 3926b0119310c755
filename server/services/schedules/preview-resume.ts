import { decideCatchUp } from "~/server/domain/catch-up";
import { catchUpOf, missedTimes } from "~/server/domain/changes/settle-missed";
import { runsLeft } from "~/server/domain/plan";
import type { ResumePreview } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { currentSchedule } from "./current";
import type { ScheduleId } from "./inputs";
import { isoOrNull } from "./view";

/** Returns how many occurrences were missed, and how many of them a resume would run with each choice. */
export async function previewResume(call: { ctx: Ctx; input: ScheduleId }): Promise<ResumePreview> {
  requireRight(call.ctx, "schedules:read");
  const { deps } = call.ctx;
  const schedule = await currentSchedule(deps, call.input.scheduleId);
  const nowMs = deps.clock.now();
  const { times, complete } = missedTimes(schedule, nowMs);
  const runs = (choice: "none" | "last" | "all") =>
    decideCatchUp({
      missed: times,
      nowMs,
      policy: catchUpOf(schedule, choice),
      runsLeft: runsLeft(schedule, 0),
    }).run.length;
  return {
    pausedAt: isoOrNull(schedule.pausedAt),
    missed: times.length,
    missedIsExact: complete,
    oldest: isoOrNull(times[0]?.nominalMs ?? null),
    newest: isoOrNull(times.at(-1)?.nominalMs ?? null),
    wouldRun: { none: 0, last: runs("last"), all: runs("all") },
    byDefault: schedule.catchUp.policy,
  };
}
