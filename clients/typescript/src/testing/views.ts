import { encodeEventMessage } from "~/server/domain/event-message";
import { eventId } from "~/server/domain/ids";
import { headersView, readableHeaders } from "~/server/domain/message-headers";
import type { Schedule } from "~/server/domain/schedule";
import { toWire } from "~/server/domain/wire";
import { scheduleFields } from "~/server/services/schedules/view";
import type { Schemas } from "../client.js";
import { parseJson } from "../json.js";
import type { Fired, Unfired } from "./simulation";
import type { FiredEvent, UnfiredOccurrence } from "./types";

const iso = (ms: number) => new Date(ms).toISOString();

/** A schedule as the REST API shows it. */
export function scheduleView(schedule: Schedule): Schemas["Schedule"] {
  const content = { payload: parseJson(schedule.payload), ...headersView(schedule.headers), masked: [] };
  return toWire({ ...scheduleFields(schedule), ...content }) as Schemas["Schedule"];
}

export function firedView({ atMs, nominalMs, key, trigger, schedule }: Fired): FiredEvent {
  const id = eventId(key);
  const message = encodeEventMessage({
    schedule,
    occurrence: { eventId: id, executionId: id, scheduledForMs: nominalMs, attempt: 1, timestampMs: atMs },
  });
  return {
    at: iso(atMs),
    scheduled_for: iso(nominalMs),
    trigger: trigger as FiredEvent["trigger"],
    schedule_id: schedule.scheduleId,
    name: schedule.name,
    execution_id: id,
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
    topic: rest.topic,
    outcome: rest.outcome as UnfiredOccurrence["outcome"],
    reason: rest.reason ?? "",
    note: rest.note,
  };
}
