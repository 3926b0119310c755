import { z } from "zod";
import { SCHEDULE_STATUSES } from "~/server/domain/choices";
import type { ScheduleView } from "~/server/domain/views";
import { cadenceOf } from "~/server/services/schedules/build";
import { cutOrNull } from "../tool";

/** What lists and changes show of a schedule. */
export const ScheduleSummary = z.object({
  scheduleId: z.string(),
  name: z.string().nullable(),
  topic: z.string(),
  entityType: z.string(),
  action: z.string(),
  tags: z.array(z.string()),
  status: z.enum(SCHEDULE_STATUSES),
  cadence: z.string().describe("When it fires, in words."),
  timezone: z.string(),
  nextExecution: z.string().nullable(),
  lastExecution: z.string().nullable(),
  lastStatus: z.string().nullable(),
  lastError: z.string().nullable(),
  executionCount: z.int(),
  errorCount: z.int(),
  pausedBy: z.string().nullable(),
  pauseNote: z.string().nullable(),
  pausedUntil: z.string().nullable(),
  version: z.int(),
});

type Summarised = Pick<ScheduleView, Exclude<keyof z.infer<typeof ScheduleSummary>, "cadence">> &
  Pick<ScheduleView, "cronExpression">;

export function scheduleSummary(schedule: Summarised): z.infer<typeof ScheduleSummary> {
  return {
    scheduleId: schedule.scheduleId,
    name: schedule.name,
    topic: schedule.topic,
    entityType: schedule.entityType,
    action: schedule.action,
    tags: schedule.tags,
    status: schedule.status,
    cadence: cadenceOf(schedule),
    timezone: schedule.timezone,
    nextExecution: schedule.nextExecution,
    lastExecution: schedule.lastExecution,
    lastStatus: schedule.lastStatus,
    lastError: cutOrNull(schedule.lastError),
    executionCount: schedule.executionCount,
    errorCount: schedule.errorCount,
    pausedBy: schedule.pausedBy,
    pauseNote: schedule.pauseNote,
    pausedUntil: schedule.pausedUntil,
    version: schedule.version,
  };
}

/** A planned run. */
export const Run = z.object({
  at: z.string().describe("The nominal time in UTC."),
  local: z.string().describe("The same time in the schedule's zone."),
  note: z.string().nullable().describe("How a clock change affects the run."),
});

export const runOf = ({ nominal, local, note }: { nominal: string; local: string; note: string | null }) => ({
  ...{ at: nominal, local, note },
});
