import type { ScheduleEntry } from "~/server/domain/as-code/document";
import { readableHeaders } from "~/server/domain/message-headers";
import { SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";
import type { Schedule, ScheduleInput } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import { payloadText } from "../schedules/payload-text";
import { isoOrNull } from "../schedules/view";
import { canonicalJson } from "./canonical-json";

type Field = Exclude<keyof ScheduleInput, "name" | "enabled" | "body" | "eventType" | "eventAction" | "scheduledAt">;
/** A definition in comparable form: times as ISO 8601, lists without repeats, the payload as canonical JSON. */
export type EntryFields = Record<Field, unknown>;

/**
 * The definition of an entry, with the defaults of omitted fields.
 * @throws AppError for a payload that is no JSON object
 */
export function entryFields(
  entry: ScheduleEntry,
  context: { scheduleId: string; settings: Pick<Settings, "timezone" | "maxRetries" | "retryDelaySeconds"> },
): EntryFields {
  const { settings, scheduleId } = context;
  const { catchUp } = SCHEDULE_DEFAULTS;
  return {
    description: entry.description ?? SCHEDULE_DEFAULTS.description,
    tags: [...new Set(entry.tags ?? [])],
    topic: entry.topic ?? SCHEDULE_DEFAULTS.topic,
    entityType: entry.entityType ?? SCHEDULE_DEFAULTS.entityType,
    entityId: entry.entityId ?? null,
    action: entry.action ?? SCHEDULE_DEFAULTS.action,
    actorType: entry.actorType ?? SCHEDULE_DEFAULTS.actorType,
    actorId: entry.actorId ?? SCHEDULE_DEFAULTS.actorId,
    payload: canonicalJson(payloadText(entry)),
    headers: entry.headers ?? {},
    correlationId: entry.correlationId ?? scheduleId,
    cronExpression: entry.cronExpression ?? null,
    executionTime: entry.executionTime ?? null,
    timezone: entry.timezone ?? settings.timezone,
    maxRetries: entry.maxRetries ?? settings.maxRetries,
    retryDelaySeconds: entry.retryDelaySeconds ?? settings.retryDelaySeconds,
    maxDelaySeconds: entry.maxDelaySeconds ?? SCHEDULE_DEFAULTS.maxDelaySeconds,
    priority: entry.priority ?? SCHEDULE_DEFAULTS.priority,
    startAt: entry.startAt ?? null,
    endAt: entry.endAt ?? null,
    maxRuns: entry.maxRuns ?? null,
    catchUp: { ...catchUp, ...entry.catchUp },
    jitterSeconds: entry.jitterSeconds ?? SCHEDULE_DEFAULTS.jitterSeconds,
    dstGap: entry.dstGap ?? SCHEDULE_DEFAULTS.dstGap,
    dstOverlap: entry.dstOverlap ?? SCHEDULE_DEFAULTS.dstOverlap,
  };
}

/** The definition of a stored schedule, whose content is decrypted. */
export function storedFields(schedule: Schedule): EntryFields {
  return {
    description: schedule.description,
    tags: schedule.tags,
    topic: schedule.topic,
    entityType: schedule.entityType,
    entityId: schedule.entityId,
    action: schedule.action,
    actorType: schedule.actorType,
    actorId: schedule.actorId,
    payload: canonicalJson(schedule.payload),
    headers: readableHeaders(schedule.headers),
    correlationId: schedule.correlationId,
    cronExpression: schedule.cronExpression,
    executionTime: isoOrNull(schedule.executionTime),
    timezone: schedule.timezone,
    maxRetries: schedule.maxRetries,
    retryDelaySeconds: schedule.retryDelaySeconds,
    maxDelaySeconds: schedule.maxDelaySeconds,
    priority: schedule.priority,
    startAt: isoOrNull(schedule.startAt),
    endAt: isoOrNull(schedule.endAt),
    maxRuns: schedule.maxRuns,
    catchUp: schedule.catchUp,
    jitterSeconds: schedule.jitterSeconds,
    dstGap: schedule.dstGap,
    dstOverlap: schedule.dstOverlap,
  };
}

/** Text that is equal for equal values, whatever the order of their members. */
function comparable(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The fields in which two definitions differ. */
export function differingFields(one: EntryFields, other: EntryFields): Field[] {
  return (Object.keys(one) as Field[]).filter((field) => comparable(one[field]) !== comparable(other[field]));
}

/** The fields of a stored schedule that an entry needs to give the same definition. */
export function entryOf(
  schedule: Schedule,
  settings: Pick<Settings, "timezone" | "maxRetries" | "retryDelaySeconds">,
): Record<string, unknown> {
  const { scheduleId, name, enabled, pausedBy, payload: text } = schedule;
  const defaults = entryFields({ name: name ?? "" }, { scheduleId, settings });
  const { payload: _, ...fields } = storedFields(schedule);
  const changed = differingFields(defaults, { ...fields, payload: defaults.payload });
  // The zone decides about the times of a cron, so that it does not depend on a setting.
  const shown = schedule.cronExpression === null ? changed : [...new Set([...changed, "timezone" as const])];
  return {
    name,
    ...Object.fromEntries(shown.map((field) => [field, fields[field as keyof typeof fields]])),
    ...(enabled || pausedBy !== null || schedule.state.completed ? {} : { enabled: false }),
    ...contentOf(text),
  };
}

/** The payload as an object or, if reading it as JSON would change it, as its text. */
function contentOf(text: string): { payload?: unknown; body?: string } {
  const exact = canonicalJson(text);
  if (exact === "{}") return {};
  const parsed: unknown = JSON.parse(text);
  const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  return isObject && canonicalJson(JSON.stringify(parsed)) === exact ? { payload: parsed } : { body: text };
}
