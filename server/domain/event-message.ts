import { z } from "zod";
import { filterHeaders, type MessageHeaders, withHeaders } from "./message-headers";
import { ActorType, type Schedule } from "./schedule";

/** The message on the bus (contract §6), in its wire spelling. `timestamp` is ISO 8601 with a zone. */
export const EventMessage = z.object({
  event_id: z.string(),
  correlation_id: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  entity: z.object({ type: z.string(), id: z.string().nullable() }),
  action: z.string(),
  actor: z.object({ type: ActorType, id: z.string() }),
  payload: z.unknown(),
});
export type EventMessage = z.infer<typeof EventMessage>;

/**
 * Headers that the scheduler sets. Callers cannot set them, in any letter case. In a delayed message, the scheduler
 * replaces them when it publishes the message.
 */
export const RESERVED_HEADERS = [
  "correlation_id",
  "entity_type",
  "action",
  "event_id",
  "schedule_id",
  "execution_id",
  "scheduled_for",
  "attempt",
] as const;
type ReservedHeader = (typeof RESERVED_HEADERS)[number];
const RESERVED: ReadonlySet<string> = new Set(RESERVED_HEADERS);

export interface EncodedMessage {
  topic: string;
  key: string | null;
  value: string;
  headers: MessageHeaders;
}

export const isReservedHeader = (name: string) => RESERVED.has(name.toLowerCase());
const isCallerHeader = (name: string) => !isReservedHeader(name);

/** `{entity_type}.{entity_id}`, or the type alone. The bus keeps the order of events with the same key. */
export function messageKey(event: { entityType: string; entityId: string | null }): string | null {
  if (event.entityType === "") return null;
  return event.entityId === null ? event.entityType : `${event.entityType}.${event.entityId}`;
}

/**
 * The message of one attempt at one occurrence. Contains the payload's JSON text unchanged, including the spelling of
 * numbers. The value of a delayed message (`rawValue`) is published unchanged.
 *
 * @param occurrence `attempt` counts from 1; `scheduledForMs` is the nominal time and `timestampMs` now, epoch ms
 */
export function encodeEventMessage(input: {
  schedule: Pick<
    Schedule,
    | "scheduleId"
    | "topic"
    | "entityType"
    | "entityId"
    | "action"
    | "actorType"
    | "actorId"
    | "payload"
    | "rawValue"
    | "headers"
    | "correlationId"
  >;
  occurrence: { eventId: string; executionId: string; scheduledForMs: number; attempt: number; timestampMs: number };
}): EncodedMessage {
  const { schedule, occurrence } = input;
  const reserved: Record<ReservedHeader, string> = {
    correlation_id: schedule.correlationId,
    entity_type: schedule.entityType,
    action: schedule.action,
    event_id: occurrence.eventId,
    schedule_id: schedule.scheduleId,
    execution_id: occurrence.executionId,
    scheduled_for: isoTime(occurrence.scheduledForMs),
    attempt: String(occurrence.attempt),
  };
  return {
    topic: schedule.topic,
    key: messageKey(schedule),
    value: schedule.rawValue ? schedule.payload : eventJson(input),
    headers: withHeaders(filterHeaders(schedule.headers, isCallerHeader), reserved),
  };
}

/** The envelope in the order of `EventMessage`. Concatenates strings for speed: this runs once per fired event. */
function eventJson({ schedule, occurrence }: Parameters<typeof encodeEventMessage>[0]): string {
  const entity = `{"type":${quoted(schedule.entityType)},"id":${schedule.entityId === null ? "null" : quoted(schedule.entityId)}}`;
  const actor = `{"type":${quoted(schedule.actorType)},"id":${quoted(schedule.actorId)}}`;
  const ids = `"event_id":"${occurrence.eventId}","correlation_id":${quoted(schedule.correlationId)}`;
  const subject = `"entity":${entity},"action":${quoted(schedule.action)},"actor":${actor}`;
  return `{${ids},"timestamp":"${isoTime(occurrence.timestampMs)}",${subject},"payload":${schedule.payload}}`;
}

/** ASCII text that JSON does not escape. */
const PLAIN = /^[\x20!#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Caches formatted times, because the events of a batch share a few times. */
const recentTimes = new Map<number, string>();
const MAX_CACHED_TIMES = 100;

function isoTime(ms: number): string {
  const known = recentTimes.get(ms);
  if (known !== undefined) return known;
  if (recentTimes.size >= MAX_CACHED_TIMES) recentTimes.clear();
  const text = new Date(ms).toISOString();
  recentTimes.set(ms, text);
  return text;
}
