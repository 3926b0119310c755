import type { Schedule, ScheduleState } from "./schedule";

/** Fields that every new schedule is given: they have no default. */
type Given = "scheduleId" | "correlationId" | "createdAt" | "updatedAt" | "version" | "state";

/**
 * The values of fields that a definition leaves out (docs/reference/contract.md, "Fields of a schedule"). Time zone and
 * retry policy of a request come from the settings, which start with these values.
 *
 * Records in Redis leave these values out, too: changing one would change schedules that are stored already.
 */
export const SCHEDULE_DEFAULTS: Readonly<Omit<Schedule, Given>> = Object.freeze({
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

/** The state of a schedule that is not placed yet and has never fired. */
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

/** A schedule of version 1, made at `nowMs`, epoch ms. The correlation id is its own id unless another is given. */
export function newSchedule({ nowMs, state, ...given }: NewSchedule): Schedule {
  return {
    ...SCHEDULE_DEFAULTS,
    correlationId: given.scheduleId,
    createdAt: nowMs,
    updatedAt: nowMs,
    version: 1,
    ...given,
    state: { ...NEW_STATE, ...state },
  };
}
