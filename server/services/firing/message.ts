import type { BusMessage } from "~/server/adapters/bus/bus-types";
import type { Claim } from "~/server/adapters/redis/hot-tier-types";
import { encodeEventMessage } from "~/server/domain/event-message";
import { eventId } from "~/server/domain/ids";

/**
 * The message of one attempt (contract §6). `event_id` comes of the occurrence alone, so a consumer can drop a repeat.
 *
 * @param nowMs the event's timestamp: when this attempt began
 */
export function messageOf(claim: Claim, nowMs: number): BusMessage {
  const { schedule } = claim;
  const id = eventId(claim.key);
  return encodeEventMessage({
    topic: schedule.topic,
    eventId: id,
    executionId: id,
    scheduleId: schedule.scheduleId,
    correlationId: schedule.correlationId,
    timestampMs: nowMs,
    entity: { type: schedule.entityType, id: schedule.entityId },
    action: schedule.action,
    actor: { type: schedule.actorType, id: schedule.actorId },
    payload: schedule.payload,
    rawValue: schedule.rawValue,
    headers: schedule.headers,
    scheduledForMs: claim.nominalMs,
    attempt: claim.attempts.length + 1,
  });
}
