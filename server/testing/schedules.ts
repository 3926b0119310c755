import { newScheduleId } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";

/** A near one-time schedule due at `executionTime`; everything may be overridden. */
export function aSchedule(
  over: Partial<Omit<Schedule, "state">> & { state?: Partial<Schedule["state"]> } = {},
): Schedule {
  const { state, ...rest } = over;
  const executionTime = rest.cronExpression ? null : (rest.executionTime ?? 1_800_000_000_000);
  return {
    scheduleId: newScheduleId(),
    name: null,
    description: "",
    tags: [],
    enabled: true,
    topic: "user.notifications",
    entityType: "user",
    entityId: null,
    action: "send_reminder",
    actorType: "system",
    actorId: "scheduler",
    payload: '{"user_id":123}',
    rawValue: false,
    headers: {},
    correlationId: "reminder-123",
    cronExpression: null,
    timezone: "UTC",
    maxRetries: 3,
    retryDelaySeconds: 60,
    maxDelaySeconds: 86_400,
    priority: 0,
    source: "api_request",
    sourceId: null,
    startAt: null,
    endAt: null,
    maxRuns: null,
    catchUp: { policy: "last", windowSeconds: 86_400, maxRuns: 100 },
    jitterSeconds: 0,
    dstGap: "first_valid",
    dstOverlap: "first",
    pauseNote: null,
    pausedBy: null,
    pausedUntil: null,
    createdBy: "test",
    createdAt: 1_790_000_000_000,
    updatedAt: 1_790_000_000_000,
    version: 1,
    ...rest,
    executionTime,
    state: {
      revision: 1,
      tier: "redis",
      completed: false,
      deleted: false,
      nextExecution: executionTime,
      lastExecution: null,
      lastStatus: null,
      lastError: null,
      executionCount: 0,
      errorCount: 0,
      ...state,
    },
  };
}
