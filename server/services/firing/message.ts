import { encodeEventMessage } from "~/server/domain/event-message";
import { eventId } from "~/server/domain/ids";
import type { BusMessage } from "~/server/ports/bus";
import type { Claim } from "~/server/ports/hot/claims";

/**
 * The message of one attempt (contract §6). All attempts of an occurrence have the same `event_id`, so that consumers
 * can deduplicate.
 *
 * @param nowMs when this attempt began
 */
export function messageOf(claim: Claim, nowMs: number): BusMessage {
  const id = eventId(claim.key);
  return encodeEventMessage({
    schedule: claim.schedule,
    occurrence: {
      eventId: id,
      executionId: id,
      scheduledForMs: claim.nominalMs,
      attempt: claim.attempts.length + 1,
      timestampMs: nowMs,
    },
  });
}
