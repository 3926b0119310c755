import { reasonOf } from "~/server/domain/data-fault";
import { AppError, fieldError } from "~/server/domain/errors";
import { isReservedHeader, RESERVED_HEADERS } from "~/server/domain/event-message";
import { headerPairs } from "~/server/domain/message-headers";
import { describeCron, isKnownZone } from "~/server/domain/recurrence";
import { CatchUp, DEFAULT_TOPIC, type Schedule, type ScheduleInput, type Source } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import { eventNames } from "./older-names";
import { payloadText } from "./payload-text";
import { boundsOf, requireOccurrence, timeOf, timesDiffer } from "./times";

const DEFAULT_CATCH_UP = Object.freeze(CatchUp.parse({}));

/** What a definition needs besides the caller's words. */
export interface BuildContext {
  scheduleId: string;
  nowMs: number;
  settings: Settings;
  source: Source;
  sourceId: string | null;
  createdBy: string;
  /** What is edited: times that stay as they are were judged when they were set. */
  current?: Schedule;
}

/**
 * A whole new schedule from a caller's words, with every rule of the contract checked: exactly one of cron and time, at
 * most one of payload and body, no reserved header, known zone, a cron that fires, a time that is not past. Throws
 * `AppError` that names the field.
 */
export function buildSchedule(input: ScheduleInput, context: BuildContext): Schedule {
  const { nowMs, settings } = context;
  const timezone = input.timezone ?? settings.timezone;
  if (!isKnownZone(timezone)) {
    throw fieldError("timezone_unknown", {
      field: "timezone",
      message: `"${timezone}" is not a known time zone`,
      expected: 'an IANA name such as "Europe/Berlin" or "UTC"',
    });
  }
  requireOwnHeaders(input, context.current);
  const { entityType, action } = eventNames(input);
  const { cronExpression, executionTime } = timeOf(input, { ...context, timezone });
  const { startAt, endAt, maxRuns } = boundsOf(input);
  const { dstGap = "first_valid", dstOverlap = "first", jitterSeconds = 0 } = input;
  const times = { cronExpression, executionTime, timezone, dstGap, dstOverlap, startAt, endAt, jitterSeconds };
  if (context.current === undefined || timesDiffer(context.current, times)) requireOccurrence(times, nowMs);
  return {
    scheduleId: context.scheduleId,
    name: input.name ?? null,
    description: input.description ?? "",
    tags: input.tags === undefined ? [] : [...new Set(input.tags)],
    enabled: input.enabled ?? true,
    topic: input.topic ?? DEFAULT_TOPIC,
    entityType: entityType ?? "event",
    entityId: input.entityId ?? null,
    action: action ?? "scheduled",
    actorType: input.actorType ?? "system",
    actorId: input.actorId ?? "scheduler",
    payload: payloadText(input),
    rawValue: false,
    headers: input.headers ?? {},
    correlationId: input.correlationId ?? context.scheduleId,
    ...times,
    maxRetries: input.maxRetries ?? settings.maxRetries,
    retryDelaySeconds: input.retryDelaySeconds ?? settings.retryDelaySeconds,
    maxDelaySeconds: input.maxDelaySeconds ?? 86_400,
    priority: input.priority ?? 0,
    source: context.source,
    sourceId: context.sourceId,
    maxRuns,
    plannedSince: null,
    catchUp: input.catchUp === undefined ? DEFAULT_CATCH_UP : CatchUp.parse(input.catchUp),
    pauseNote: null,
    pausedBy: null,
    pausedAt: null,
    pausedUntil: null,
    createdBy: context.createdBy,
    createdAt: nowMs,
    updatedAt: nowMs,
    version: 1,
    state: {
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
    },
  };
}

/**
 * Refuses a header that every event gets from the product, as the caller's would be replaced. A schedule of the delayed
 * topic keeps those that its message brought, so that an edit of something else is not refused.
 */
function requireOwnHeaders({ headers = {} }: ScheduleInput, current: Schedule | undefined): void {
  const kept = new Set(current ? headerPairs(current.headers).map(([name]) => name) : []);
  const reserved = Object.keys(headers).filter((name) => isReservedHeader(name) && !kept.has(name));
  if (reserved.length === 0) return;
  const faults = reserved.map((name) => ({
    field: `headers.${name}`,
    message: "is a reserved name: every event gets this header from the scheduler",
    expected: `a name other than ${RESERVED_HEADERS.join(", ")}`,
  }));
  throw new AppError("validation_failed", `${faults[0]?.field}: ${faults[0]?.message}`, { faults });
}

/**
 * The cadence in words for rows and pages; for a cron that cannot be read (an older version took it) a note that says
 * so.
 */
export function cadenceOf(schedule: Pick<Schedule, "cronExpression" | "timezone">): string {
  const { cronExpression, timezone } = schedule;
  if (cronExpression === null) return "Once";
  try {
    return describeCron(cronExpression, timezone).text;
  } catch (error) {
    // Throws only for what is in the row, and one row must not cost the page: cronstrue throws plain text.
    return `Cannot be read: "${cronExpression}" (${timezone}). ${reasonOf(error)}`;
  }
}
