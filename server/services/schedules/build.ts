import { timesDiffer } from "~/server/domain/changes/times";
import { reasonOf } from "~/server/domain/data-fault";
import { AppError, fieldError } from "~/server/domain/errors";
import { isReservedHeader, RESERVED_HEADERS } from "~/server/domain/event-message";
import { headerPairs } from "~/server/domain/message-headers";
import { newSchedule, SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";
import { describeCron, isKnownZone } from "~/server/domain/recurrence";
import type { Schedule, ScheduleInput, Source } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import { eventNames } from "./older-names";
import { payloadText } from "./payload-text";
import { boundsOf, requireOccurrence, timeOf } from "./times";

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
  const {
    dstGap = SCHEDULE_DEFAULTS.dstGap,
    dstOverlap = SCHEDULE_DEFAULTS.dstOverlap,
    jitterSeconds = SCHEDULE_DEFAULTS.jitterSeconds,
  } = input;
  const times = { cronExpression, executionTime, timezone, dstGap, dstOverlap, startAt, endAt, jitterSeconds };
  if (context.current === undefined || timesDiffer(context.current, times)) requireOccurrence(times, nowMs);
  const { catchUp } = SCHEDULE_DEFAULTS;
  return newSchedule({
    scheduleId: context.scheduleId,
    nowMs,
    name: input.name ?? null,
    description: input.description ?? SCHEDULE_DEFAULTS.description,
    tags: input.tags === undefined ? SCHEDULE_DEFAULTS.tags : [...new Set(input.tags)],
    enabled: input.enabled ?? SCHEDULE_DEFAULTS.enabled,
    topic: input.topic ?? SCHEDULE_DEFAULTS.topic,
    entityType: entityType ?? SCHEDULE_DEFAULTS.entityType,
    entityId: input.entityId ?? null,
    action: action ?? SCHEDULE_DEFAULTS.action,
    actorType: input.actorType ?? SCHEDULE_DEFAULTS.actorType,
    actorId: input.actorId ?? SCHEDULE_DEFAULTS.actorId,
    payload: payloadText(input),
    headers: input.headers ?? SCHEDULE_DEFAULTS.headers,
    correlationId: input.correlationId ?? context.scheduleId,
    ...times,
    maxRetries: input.maxRetries ?? settings.maxRetries,
    retryDelaySeconds: input.retryDelaySeconds ?? settings.retryDelaySeconds,
    maxDelaySeconds: input.maxDelaySeconds ?? SCHEDULE_DEFAULTS.maxDelaySeconds,
    priority: input.priority ?? SCHEDULE_DEFAULTS.priority,
    source: context.source,
    sourceId: context.sourceId,
    maxRuns,
    catchUp: input.catchUp === undefined ? catchUp : { ...catchUp, ...input.catchUp },
    createdBy: context.createdBy,
  });
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
