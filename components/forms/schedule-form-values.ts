import type { SettingDefaults } from "~/components/schedules/setting-defaults";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import type { RouterInputs } from "~/components/trpc/client";
import { prettyJson } from "~/components/ui/json-text";
import { SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";
import { MAX_NAME_LENGTH } from "./form-limits";
import type { ScheduleFormValues } from "./schedule-form-model";

type Definition = RouterInputs["schedules"]["patch"]["patch"];

export function newFormValues(defaults: SettingDefaults): ScheduleFormValues {
  return {
    name: "",
    description: "",
    tags: [],
    enabled: true,
    kind: "recurring",
    cronExpression: "0 9 * * *",
    executionTime: null,
    timezone: defaults.timezone,
    dstGap: SCHEDULE_DEFAULTS.dstGap,
    dstOverlap: SCHEDULE_DEFAULTS.dstOverlap,
    jitterSeconds: SCHEDULE_DEFAULTS.jitterSeconds,
    startAt: null,
    endAt: null,
    maxRuns: null,
    topic: SCHEDULE_DEFAULTS.topic,
    entityType: SCHEDULE_DEFAULTS.entityType,
    entityId: "",
    action: SCHEDULE_DEFAULTS.action,
    correlationId: "",
    headers: [],
    body: SCHEDULE_DEFAULTS.payload,
    priority: SCHEDULE_DEFAULTS.priority,
    maxRetries: defaults.maxRetries,
    retryDelaySeconds: defaults.retryDelaySeconds,
    maxDelaySeconds: SCHEDULE_DEFAULTS.maxDelaySeconds,
    catchUpPolicy: SCHEDULE_DEFAULTS.catchUp.policy,
    catchUpWindowSeconds: SCHEDULE_DEFAULTS.catchUp.windowSeconds,
    catchUpMaxRuns: SCHEDULE_DEFAULTS.catchUp.maxRuns,
  };
}

export function formValuesOf(schedule: ShownSchedule): ScheduleFormValues {
  return {
    name: schedule.name ?? "",
    description: schedule.description,
    tags: schedule.tags,
    enabled: schedule.enabled,
    kind: schedule.cronExpression === null ? "one_time" : "recurring",
    cronExpression: schedule.cronExpression ?? "",
    executionTime: schedule.executionTime,
    timezone: schedule.timezone,
    dstGap: schedule.dstGap,
    dstOverlap: schedule.dstOverlap,
    jitterSeconds: schedule.jitterSeconds,
    startAt: schedule.startAt,
    endAt: schedule.endAt,
    maxRuns: schedule.maxRuns,
    topic: schedule.topic,
    entityType: schedule.entityType,
    entityId: schedule.entityId ?? "",
    action: schedule.action,
    correlationId: schedule.correlationId === schedule.scheduleId ? "" : schedule.correlationId,
    headers: Object.entries(schedule.headers).map(([name, value]) => ({ name, value })),
    body: prettyJson(schedule.payload),
    priority: schedule.priority,
    maxRetries: schedule.maxRetries,
    retryDelaySeconds: schedule.retryDelaySeconds,
    maxDelaySeconds: schedule.maxDelaySeconds,
    catchUpPolicy: schedule.catchUp.policy,
    catchUpWindowSeconds: schedule.catchUp.windowSeconds,
    catchUpMaxRuns: schedule.catchUp.maxRuns,
  };
}

/** The form values of a copy: enabled, "(copy)" after a name, no correlation id, and no past execution time. */
export function duplicateValuesOf(schedule: ShownSchedule, nowMs: number): ScheduleFormValues {
  const values = formValuesOf(schedule);
  const hasPassed = values.executionTime !== null && Date.parse(values.executionTime) <= nowMs;
  return {
    ...values,
    name: schedule.name ? `${schedule.name} (copy)`.slice(0, MAX_NAME_LENGTH) : "",
    executionTime: hasPassed ? null : values.executionTime,
    correlationId: "",
    enabled: true,
  };
}

/**
 * The form values as the server's input. An empty name or entity id becomes null. An empty correlation id becomes
 * undefined, because its default is the schedule's id.
 */
export function definitionOf(values: ScheduleFormValues): Definition {
  const isRecurring = values.kind === "recurring";
  const { kind: _, catchUpPolicy, catchUpWindowSeconds, catchUpMaxRuns, headers, body, ...plain } = values;
  return {
    ...plain,
    name: values.name || null,
    entityId: values.entityId || null,
    correlationId: values.correlationId || undefined,
    cronExpression: isRecurring ? values.cronExpression : null,
    executionTime: isRecurring ? null : values.executionTime,
    headers: Object.fromEntries(headers.map((header) => [header.name, header.value])),
    body: body.trim() === "" ? "{}" : body,
    // The form's schema has already refused empty numbers.
    jitterSeconds: values.jitterSeconds ?? undefined,
    priority: values.priority ?? undefined,
    maxRetries: values.maxRetries ?? undefined,
    retryDelaySeconds: values.retryDelaySeconds ?? undefined,
    maxDelaySeconds: values.maxDelaySeconds ?? undefined,
    catchUp: {
      policy: catchUpPolicy,
      windowSeconds: catchUpWindowSeconds ?? undefined,
      maxRuns: catchUpMaxRuns ?? undefined,
    },
  };
}

/**
 * Only the changed fields, so that an unchanged payload keeps its exact bytes. An emptied correlation id becomes the
 * schedule's id.
 */
export function patchOf(input: {
  scheduleId: string;
  before: ScheduleFormValues;
  after: ScheduleFormValues;
}): Definition {
  const before = definitionOf(input.before);
  const after = definitionOf(input.after);
  after.correlationId ??= input.scheduleId;
  before.correlationId ??= input.scheduleId;
  const changed = (Object.keys(after) as (keyof Definition)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return Object.fromEntries(changed.map((key) => [key, after[key]])) as Definition;
}
