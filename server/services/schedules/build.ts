import { AppError, fieldError } from "~/server/domain/errors";
import { describeCron, isKnownZone, validateCron } from "~/server/domain/recurrence";
import {
  CatchUp,
  DEFAULT_TOPIC,
  MAX_PAYLOAD_BYTES,
  PAST_GRACE_MS,
  type Schedule,
  type ScheduleInput,
  type Source,
} from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";

const DEFAULT_CATCH_UP = Object.freeze(CatchUp.parse({}));

/** What a definition needs besides the caller's words. */
export interface BuildContext {
  scheduleId: string;
  nowMs: number;
  settings: Settings;
  source: Source;
  sourceId: string | null;
  createdBy: string;
}

/**
 * A whole new schedule from a caller's words, with every rule of the contract checked: exactly one of cron and time, at most
 * one of payload and body, known zone, a cron that fires, a time that is not past. Throws `AppError` that names the field.
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
  const { cronExpression, executionTime } = timeOf(input, { nowMs, timezone, settings });
  const { startAt, endAt, maxRuns } = boundsOf(input);
  return {
    scheduleId: context.scheduleId,
    name: input.name ?? null,
    description: input.description ?? "",
    tags: input.tags === undefined ? [] : [...new Set(input.tags)],
    enabled: input.enabled ?? true,
    topic: input.topic ?? DEFAULT_TOPIC,
    entityType: input.entityType ?? input.eventType ?? "event",
    entityId: input.entityId ?? null,
    action: input.action ?? input.eventAction ?? "scheduled",
    actorType: input.actorType ?? "system",
    actorId: input.actorId ?? "scheduler",
    payload: payloadText(input),
    rawValue: false,
    headers: input.headers ?? {},
    correlationId: input.correlationId ?? context.scheduleId,
    cronExpression,
    executionTime,
    timezone,
    maxRetries: input.maxRetries ?? settings.maxRetries,
    retryDelaySeconds: input.retryDelaySeconds ?? settings.retryDelaySeconds,
    maxDelaySeconds: input.maxDelaySeconds ?? 86_400,
    priority: input.priority ?? 0,
    source: context.source,
    sourceId: context.sourceId,
    startAt,
    endAt,
    maxRuns,
    plannedSince: null,
    catchUp: input.catchUp === undefined ? DEFAULT_CATCH_UP : CatchUp.parse(input.catchUp),
    jitterSeconds: input.jitterSeconds ?? 0,
    dstGap: input.dstGap ?? "first_valid",
    dstOverlap: input.dstOverlap ?? "first",
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

function timeOf(
  input: ScheduleInput,
  given: { nowMs: number; timezone: string; settings: Settings },
): Pick<Schedule, "cronExpression" | "executionTime"> {
  const time = input.executionTime ?? input.scheduledAt ?? null;
  const cron = input.cronExpression ?? null;
  if ((time === null) === (cron === null)) {
    const message = time === null ? "neither is given" : "both are given";
    throw new AppError("validation_failed", `cron_expression, execution_time: ${message}`, {
      faults: ["cron_expression", "execution_time"].map((field) => ({
        field,
        message,
        expected: "exactly one of cron_expression and execution_time",
      })),
    });
  }
  if (cron !== null) {
    const verdict = validateCron({ expression: cron, timezone: given.timezone, now: given.nowMs });
    if (!verdict.ok) throw fieldError(verdict.code, verdict);
    return { cronExpression: cron, executionTime: null };
  }
  const atMs = Date.parse(time as string);
  if (atMs < given.nowMs - PAST_GRACE_MS) {
    throw fieldError("execution_time_past", {
      field: "execution_time",
      message: `${time} lies ${Math.round((given.nowMs - atMs) / 1000)} s in the past`,
      expected: `a time not more than ${PAST_GRACE_MS / 1000} s before now`,
    });
  }
  const maxSeconds = given.settings.maxDeliveryDelaySeconds;
  if (atMs - given.nowMs > maxSeconds * 1000) {
    throw fieldError("delay_too_long", {
      field: "execution_time",
      message: `${time} is further away than this system allows`,
      expected: `at most ${maxSeconds} s ahead (MAX_DELIVERY_DELAY_SECONDS)`,
    });
  }
  return { cronExpression: null, executionTime: atMs };
}

function boundsOf(input: ScheduleInput): Pick<Schedule, "startAt" | "endAt" | "maxRuns"> {
  const startAt = input.startAt ? Date.parse(input.startAt) : null;
  const endAt = input.endAt ? Date.parse(input.endAt) : null;
  if (startAt !== null && endAt !== null && endAt <= startAt) {
    throw fieldError("validation_failed", {
      field: "end_at",
      message: "is not after start_at",
      expected: "a time after start_at",
    });
  }
  return { startAt, endAt, maxRuns: input.maxRuns ?? null };
}

/** The payload's JSON text: an object, given as such or, in `body`, as its text, which is then kept as it was written. */
function payloadText(input: ScheduleInput): string {
  if (input.payload !== undefined && input.body !== undefined) {
    throw fieldError("validation_failed", {
      field: "body",
      message: "is given beside payload",
      expected: "one of payload (an object) and body (its JSON text)",
    });
  }
  const text = input.body ?? JSON.stringify(input.payload ?? {});
  const bytes = Buffer.byteLength(text);
  const field = input.body === undefined ? "payload" : "body";
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw fieldError("payload_too_large", {
      field,
      message: `has ${bytes} bytes`,
      expected: `at most ${MAX_PAYLOAD_BYTES} bytes of JSON`,
    });
  }
  if (input.body !== undefined) requireObject(input.body);
  return text;
}

function requireObject(text: string): void {
  const expected = "the text of a JSON object";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fieldError("validation_failed", {
      field: "body",
      message: `is not JSON: ${(error as Error).message}`,
      expected,
    });
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw fieldError("validation_failed", { field: "body", message: "is JSON, but not an object", expected });
  }
}

/** The cadence in words for rows and pages. */
export function cadenceOf(schedule: Pick<Schedule, "cronExpression" | "timezone">): string {
  return schedule.cronExpression === null ? "Once" : describeCron(schedule.cronExpression, schedule.timezone).text;
}
