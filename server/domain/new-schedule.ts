import type { Schedule, ScheduleState } from "./schedule";

type WithoutDefault = "scheduleId" | "correlationId" | "createdAt" | "updatedAt" | "version" | "state";

/**
 * Defaults of fields that a definition omits (contract §2). For requests, time zone and retry policy come from the
 * settings, which have the same defaults.
 *
 * Records in Redis omit these values, so changing a default changes stored schedules.
 */
export const SCHEDULE_DEFAULTS: Readonly<Omit<Schedule, WithoutDefault>> = Object.freeze({
  name: null,
  description: "",
  tags: Object.freeze<string[]>([]) as string[],
  enabled: true,
  topic: "stufio.events",
  entityType: "event",
  entityId: null,
  action: "scheduled",
  actorType: "system",
  actorId: "scheduler",
  payload: "{}",
  rawValue: false,
  headers: Object.freeze({}),
  cronExpression: null,
  executionTime: null,
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
  plannedSince: null,
  catchUp: Object.freeze({ policy: "last", windowSeconds: 86_400, maxRuns: 100 }),
  jitterSeconds: 0,
  dstGap: "first_valid",
  dstOverlap: "first",
  pauseNote: null,
  pausedBy: null,
  pausedAt: null,
  pausedUntil: null,
  createdBy: "",
});

/** The state of a new schedule before its placement. */
export const NEW_STATE: Readonly<ScheduleState> = Object.freeze({
  revision: 1,
  tier: "clickhouse",
  completed: false,
  deleted: false,
  nextExecution: null,
  lastExecution: null,
  lastStatus: null,
  lastError: null,
  executionCount: 0,
  errorCount: 0,
  runsTaken: 0,
});

type NewSchedule = Partial<Omit<Schedule, "state" | "scheduleId">> & {
  scheduleId: string;
  nowMs: number;
  state?: Partial<ScheduleState>;
};

/*
 * Field by field: V8 creates an object of this size about twenty times faster from a literal than by spreading.
 */

/** A schedule of version 1, created at `nowMs`, epoch ms. The correlation id defaults to the schedule's id. */
export function newSchedule({
  scheduleId,
  nowMs,
  name = SCHEDULE_DEFAULTS.name,
  description = SCHEDULE_DEFAULTS.description,
  tags = SCHEDULE_DEFAULTS.tags,
  enabled = SCHEDULE_DEFAULTS.enabled,
  topic = SCHEDULE_DEFAULTS.topic,
  entityType = SCHEDULE_DEFAULTS.entityType,
  entityId = SCHEDULE_DEFAULTS.entityId,
  action = SCHEDULE_DEFAULTS.action,
  actorType = SCHEDULE_DEFAULTS.actorType,
  actorId = SCHEDULE_DEFAULTS.actorId,
  payload = SCHEDULE_DEFAULTS.payload,
  rawValue = SCHEDULE_DEFAULTS.rawValue,
  headers = SCHEDULE_DEFAULTS.headers,
  cronExpression = SCHEDULE_DEFAULTS.cronExpression,
  executionTime = SCHEDULE_DEFAULTS.executionTime,
  timezone = SCHEDULE_DEFAULTS.timezone,
  maxRetries = SCHEDULE_DEFAULTS.maxRetries,
  retryDelaySeconds = SCHEDULE_DEFAULTS.retryDelaySeconds,
  maxDelaySeconds = SCHEDULE_DEFAULTS.maxDelaySeconds,
  priority = SCHEDULE_DEFAULTS.priority,
  source = SCHEDULE_DEFAULTS.source,
  sourceId = SCHEDULE_DEFAULTS.sourceId,
  startAt = SCHEDULE_DEFAULTS.startAt,
  endAt = SCHEDULE_DEFAULTS.endAt,
  maxRuns = SCHEDULE_DEFAULTS.maxRuns,
  plannedSince = SCHEDULE_DEFAULTS.plannedSince,
  catchUp = SCHEDULE_DEFAULTS.catchUp,
  jitterSeconds = SCHEDULE_DEFAULTS.jitterSeconds,
  dstGap = SCHEDULE_DEFAULTS.dstGap,
  dstOverlap = SCHEDULE_DEFAULTS.dstOverlap,
  pauseNote = SCHEDULE_DEFAULTS.pauseNote,
  pausedBy = SCHEDULE_DEFAULTS.pausedBy,
  pausedAt = SCHEDULE_DEFAULTS.pausedAt,
  pausedUntil = SCHEDULE_DEFAULTS.pausedUntil,
  createdBy = SCHEDULE_DEFAULTS.createdBy,
  correlationId = scheduleId,
  createdAt = nowMs,
  updatedAt = nowMs,
  version = 1,
  state = NEW_STATE,
}: NewSchedule): Schedule {
  return {
    scheduleId,
    name,
    description,
    tags,
    enabled,
    topic,
    entityType,
    entityId,
    action,
    actorType,
    actorId,
    payload,
    rawValue,
    headers,
    cronExpression,
    executionTime,
    timezone,
    maxRetries,
    retryDelaySeconds,
    maxDelaySeconds,
    priority,
    source,
    sourceId,
    startAt,
    endAt,
    maxRuns,
    plannedSince,
    catchUp,
    jitterSeconds,
    dstGap,
    dstOverlap,
    pauseNote,
    pausedBy,
    pausedAt,
    pausedUntil,
    createdBy,
    correlationId,
    createdAt,
    updatedAt,
    version,
    state: newState(state),
  };
}

function newState({
  revision = NEW_STATE.revision,
  tier = NEW_STATE.tier,
  completed = NEW_STATE.completed,
  deleted = NEW_STATE.deleted,
  nextExecution = NEW_STATE.nextExecution,
  lastExecution = NEW_STATE.lastExecution,
  lastStatus = NEW_STATE.lastStatus,
  lastError = NEW_STATE.lastError,
  executionCount = NEW_STATE.executionCount,
  errorCount = NEW_STATE.errorCount,
  runsTaken = NEW_STATE.runsTaken,
}: Partial<ScheduleState>): ScheduleState {
  return {
    revision,
    tier,
    completed,
    deleted,
    nextExecution,
    lastExecution,
    lastStatus,
    lastError,
    executionCount,
    errorCount,
    runsTaken,
  };
}
