import { timesDiffer } from "~/server/domain/changes/times";
import { reasonOf } from "~/server/domain/data-fault";
import { AppError, fieldError } from "~/server/domain/errors";
import { isReservedHeader, RESERVED_HEADERS } from "~/server/domain/event-message";
import { headerPairs } from "~/server/domain/message-headers";
import { newSchedule, SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";
import { keepMasked } from "~/server/domain/protection/keep";
import { maskPayload } from "~/server/domain/protection/mask";
import { describeCron, isKnownZone } from "~/server/domain/recurrence";
import type { Schedule, ScheduleInput, Source } from "~/server/domain/schedule";
import type { TopicPrefixes } from "~/server/domain/scope";
import type { Settings } from "~/server/domain/settings";
import type { ProtectionSource, TopicSchemaSource } from "../ctx";
import { requireTopic } from "../scope";
import { requireAgreement } from "../topic-schemas/check";
import { eventNames } from "./older-names";
import { payloadText } from "./payload-text";
import { boundsOf, requireEnd, requireOccurrence, timeOf } from "./times";

export interface BuildContext {
  scheduleId: string;
  nowMs: number;
  settings: Settings;
  source: Source;
  sourceId: string | null;
  createdBy: string;
  topicSchemas: TopicSchemaSource;
  protection: ProtectionSource;
  /** The content that replaces masks in the definition; null or undefined if the caller has seen none. */
  stored?: StoredContent | null;
  /** Whether a stored value may replace a mask where the rules of the topic would show it. */
  mayExpose: boolean;
  /** The topics that the caller may use; undefined: all. */
  scope: TopicPrefixes | undefined;
  /** Refuses a recurring schedule that has neither `endAt` nor `maxRuns`. */
  needsEnd?: boolean;
  /** The schedule that is edited. With unchanged times, it needs no further occurrence within its bounds. */
  current?: Schedule;
}

/** Content that a caller may have seen with masks. */
export type StoredContent = Pick<Schedule, "topic" | "payload" | "headers">;

/**
 * Builds a schedule from a caller's input and validates its definition. Throws `forbidden` for a topic outside of the
 * caller's scope, and `validation_failed` or a more specific code, with the field.
 */
export function buildSchedule(input: ScheduleInput, context: BuildContext): Schedule {
  const { nowMs, settings } = context;
  const topic = input.topic ?? SCHEDULE_DEFAULTS.topic;
  requireTopic(context.scope, topic);
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
  if (context.needsEnd && cronExpression !== null) requireEnd({ endAt, maxRuns });
  const {
    dstGap = SCHEDULE_DEFAULTS.dstGap,
    dstOverlap = SCHEDULE_DEFAULTS.dstOverlap,
    jitterSeconds = SCHEDULE_DEFAULTS.jitterSeconds,
  } = input;
  const times = { cronExpression, executionTime, timezone, dstGap, dstOverlap, startAt, endAt, jitterSeconds };
  if (context.current === undefined || timesDiffer(context.current, times)) requireOccurrence(times, nowMs);
  const { catchUp } = SCHEDULE_DEFAULTS;
  const { payload, headers } = contentOf(input, topic, context);
  // A schedule whose payload is older than the schema of its topic stays editable.
  if (context.current?.topic !== topic || context.current.payload !== payload) {
    requireAgreement({ check: context.topicSchemas.checkOf(topic), topic, payload });
  }
  return newSchedule({
    scheduleId: context.scheduleId,
    nowMs,
    name: input.name ?? null,
    description: input.description ?? SCHEDULE_DEFAULTS.description,
    tags: input.tags === undefined ? SCHEDULE_DEFAULTS.tags : [...new Set(input.tags)],
    enabled: input.enabled ?? SCHEDULE_DEFAULTS.enabled,
    topic,
    entityType: entityType ?? SCHEDULE_DEFAULTS.entityType,
    entityId: input.entityId ?? null,
    action: action ?? SCHEDULE_DEFAULTS.action,
    actorType: input.actorType ?? SCHEDULE_DEFAULTS.actorType,
    actorId: input.actorId ?? SCHEDULE_DEFAULTS.actorId,
    payload,
    headers,
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

/** The payload and the headers of a definition, with stored values in place of masks. */
function contentOf(
  input: ScheduleInput,
  topic: string,
  { protection, stored = null, mayExpose }: BuildContext,
): { payload: string; headers: Readonly<Record<string, string>> } {
  const headers = input.headers ?? {};
  const rules = protection.of(topic);
  const storedRules = stored === null ? null : protection.of(stored.topic);
  if (rules === null && storedRules === null) return { payload: payloadText(input), headers };
  // A payload that is masked as a whole is sent back as a text, which is no object.
  const shown = stored && storedRules ? maskPayload(storedRules, stored.payload).text : null;
  const given = {
    payload: input.body !== undefined && input.body === shown ? input.body : payloadText(input),
    headers,
  };
  const kept = keepMasked({
    given,
    protection: rules,
    stored: stored && { content: stored, protection: storedRules },
    mayExpose,
  });
  if (kept.payload === given.payload || kept.payload === stored?.payload) return kept;
  // The stored values may make the payload too large.
  return { ...kept, payload: payloadText({ body: kept.payload }) };
}

/**
 * Refuses reserved headers, because the scheduler sets them in every event. A schedule from the delayed topic may keep
 * the reserved headers of its message, so that unrelated edits succeed.
 */
export function requireOwnHeaders(
  { headers = {} }: Pick<ScheduleInput, "headers">,
  current: Pick<Schedule, "headers"> | undefined,
): void {
  const currentNames = new Set(current ? headerPairs(current.headers).map(([name]) => name) : []);
  const reserved = Object.keys(headers).filter((name) => isReservedHeader(name) && !currentNames.has(name));
  if (reserved.length === 0) return;
  const faults = reserved.map((name) => ({
    field: `headers.${name}`,
    message: "is reserved: the scheduler sets this header on every event",
    expected: `a name other than ${RESERVED_HEADERS.join(", ")}`,
  }));
  throw new AppError("validation_failed", `${faults[0]?.field}: ${faults[0]?.message}`, { faults });
}

/** Describes when a schedule fires, in words. A stored cron that this release cannot read gives a note instead. */
export function cadenceOf(schedule: Pick<Schedule, "cronExpression" | "timezone">): string {
  const { cronExpression, timezone } = schedule;
  if (cronExpression === null) return "Once";
  try {
    return describeCron(cronExpression, timezone).text;
  } catch (error) {
    return `Invalid cron: "${cronExpression}" (${timezone}). ${reasonOf(error)}`;
  }
}
