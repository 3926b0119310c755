import { newSchedule } from "~/server/domain/new-schedule";
import type { Schedule } from "~/server/domain/schedule";
import { newScheduleId } from "~/server/new-schedule-id";

/** A schedule in the hot tier. It is one-time, unless `over` has a `cronExpression`. */
export function aSchedule(
  over: Partial<Omit<Schedule, "state">> & { state?: Partial<Schedule["state"]> } = {},
): Schedule {
  const { state, ...rest } = over;
  const executionTime = rest.cronExpression ? null : (rest.executionTime ?? 1_800_000_000_000);
  return newSchedule({
    scheduleId: newScheduleId(),
    nowMs: 1_790_000_000_000,
    topic: "user.notifications",
    entityType: "user",
    action: "send_reminder",
    payload: '{"user_id":123}',
    correlationId: "reminder-123",
    createdBy: "test",
    ...rest,
    executionTime,
    state: { tier: "redis", nextExecution: executionTime, ...state },
  });
}
