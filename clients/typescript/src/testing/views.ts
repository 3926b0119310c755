import { encodeEventMessage } from "~/server/domain/event-message";
import { eventId } from "~/server/domain/ids";
import { headersView, readableHeaders } from "~/server/domain/message-headers";
import type { Schedule } from "~/server/domain/schedule";
import { toWire } from "~/server/domain/wire";
import { scheduleFields, scheduleListItem } from "~/server/services/schedules/view";
import type { ScheduleListItem, Schemas } from "../client.js";
import { parseJson } from "../json.js";
import type { Failed, Fired, Unfired } from "./rows";
import type { FailedAttempt, FiredEvent, UnfiredOccurrence } from "./types";

const iso = (ms: number) => new Date(ms).toISOString();

/** A schedule as the REST API shows it. */
export function scheduleView(schedule: Schedule): Schemas["Schedule"] {
  const content = { payload: parseJson(schedule.payload), ...headersView(schedule.headers), masked: [] };
  return toWire({ ...scheduleFields(schedule), ...content }) as Schemas["Schedule"];
}

/** A schedule as the REST API lists it, without its recent runs. */
export const listItemView = (schedule: Schedule): ScheduleListItem =>
  toWire(scheduleListItem(schedule, [])) as ScheduleListItem;

export function firedView({ atMs, nominalMs, key, trigger, attempt, schedule }: Fired): FiredEvent {
  const id = eventId(key);
  const message = encodeEventMessage({
    schedule,
    occurrence: { eventId: id, executionId: id, scheduledForMs: nominalMs, attempt, timestampMs: atMs },
  });
  return {
    at: iso(atMs),
    scheduled_for: iso(nominalMs),
    trigger: trigger as FiredEvent["trigger"],
    schedule_id: schedule.scheduleId,
    name: schedule.name,
    execution_id: id,
    attempt,
    topic: schedule.topic,
    entity_type: schedule.entityType,
    entity_id: schedule.entityId,
    action: schedule.action,
    priority: schedule.priority,
    payload: parseJson(schedule.payload),
    message: { key: message.key, value: message.value, headers: readableHeaders(message.headers) },
  };
}

export function unfiredView({ scheduledFor, scheduleId, scheduleName, ...rest }: Unfired): UnfiredOccurrence {
  return {
    scheduled_for: iso(scheduledFor),
    schedule_id: scheduleId,
    name: scheduleName,
    execution_id: rest.executionId,
    topic: rest.topic,
    outcome: rest.outcome as UnfiredOccurrence["outcome"],
    reason: rest.reason ?? "",
    note: rest.note,
    attempts: rest.attempts.length,
    error: rest.error,
    error_class: rest.errorClass,
  };
}

export function failedView({ atMs, nominalMs, key, schedule, attempt, failure, retryAtMs }: Failed): FailedAttempt {
  return {
    at: iso(atMs),
    scheduled_for: iso(nominalMs),
    schedule_id: schedule.scheduleId,
    name: schedule.name,
    execution_id: eventId(key),
    topic: schedule.topic,
    attempt,
    error: failure.message,
    error_class: failure.error_class,
    retry_at: retryAtMs === null ? null : iso(retryAtMs),
  };
}
