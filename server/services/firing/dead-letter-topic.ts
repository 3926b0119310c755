import type { DelayedFault } from "~/server/domain/delayed-message";
import { withHeaders } from "~/server/domain/message-headers";
import type { BusMessage, Delivered, PublishResult } from "~/server/ports/bus";
import type { Deps } from "../ctx";

/** Bytes kept of the value of a message that the dead-letter topic refuses. */
const TRUNCATED_BYTES = 1000;

export interface Refused {
  message: Delivered;
  fault: DelayedFault;
}

/**
 * Publishes refused messages to the dead-letter topic, with the reason in headers. A message that the topic refuses,
 * usually because it is too large, is truncated. Returns the messages that the topic refuses even when truncated.
 * Throws if the bus fails, so that no offset is committed.
 */
export async function publishDeadLetters(deps: Deps, refused: readonly Refused[]): Promise<Refused[]> {
  if (refused.length === 0) return [];
  const refusedWhole = await publish(deps, { refused, messageOf: wholeMessage });
  const stillRefused = await publish(deps, { refused: refusedWhole, messageOf: truncatedMessage });
  for (const { message, fault } of stillRefused) {
    const { topic, partition, offset } = message;
    deps.log.error({ topic, partition, offset, reason: fault.reason }, "the dead-letter topic refused a message");
  }
  return stillRefused;
}

/** Returns the messages that the topic refuses for their content or size. */
async function publish(
  deps: Deps,
  input: { refused: readonly Refused[]; messageOf: (one: Refused) => Omit<BusMessage, "topic"> },
): Promise<Refused[]> {
  if (input.refused.length === 0) return [];
  if (deps.bus === null) throw new Error("Could not publish to the dead-letter topic: this process has no bus.");
  const topic = `${deps.env.topicPrefix}.delayed.dlq`;
  const results = await deps.bus.publish(input.refused.map((one) => ({ topic, ...input.messageOf(one) })));
  const failed = results.find((result) => !result.ok && !isRefusal(result));
  if (failed && !failed.ok) throw new Error(`Could not publish to the dead-letter topic ${topic}: ${failed.message}`);
  return input.refused.filter((_, index) => isRefusal(results[index] as PublishResult));
}

function isRefusal(result: PublishResult): boolean {
  return !result.ok && result.errorClass === "bad_payload";
}

function wholeMessage({ message, fault }: Refused) {
  return {
    key: message.key,
    value: message.value,
    headers: withHeaders(message.headers, dlqHeaders({ message, fault })),
  };
}

/** Drops the message's own key and headers too, because they may be too large. */
function truncatedMessage({ message, fault }: Refused) {
  const headers = { ...dlqHeaders({ message, fault }), dlq_value_bytes: String(message.value.byteLength) };
  return { key: null, value: message.value.subarray(0, TRUNCATED_BYTES), headers };
}

function dlqHeaders({ message, fault }: Refused): Record<string, string> {
  return {
    dlq_code: fault.code,
    dlq_reason: fault.reason,
    dlq_field: fault.field,
    dlq_topic: message.topic,
    dlq_partition: message.partition,
    dlq_offset: message.offset,
    dlq_timestamp: String(message.timestampMs),
  };
}
