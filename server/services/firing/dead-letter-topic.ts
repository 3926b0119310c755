import type { DelayedFault } from "~/server/domain/delayed-message";
import { withHeaders } from "~/server/domain/message-headers";
import type { BusMessage, Delivered, PublishResult } from "~/server/ports/bus";
import type { Deps } from "../ctx";

/** As much of a value as a dead letter keeps that the topic refuses as a whole. */
const CUT_BYTES = 1000;

export interface Refused {
  message: Delivered;
  fault: DelayedFault;
}

/**
 * Publishes messages that became no schedule to the dead-letter topic, with the reason in headers. One that the topic
 * refuses for its size is cut; those that it refuses even so are logged and answered, for the quarantine, and nothing
 * behind them has to wait. Throws when the bus did not take a message for another reason: its offset must not be
 * committed then.
 */
export async function publishDeadLetters(deps: Deps, refused: readonly Refused[]): Promise<Refused[]> {
  if (refused.length === 0) return [];
  const tooLarge = await publish(deps, { refused, letter: whole });
  const lost = await publish(deps, { refused: tooLarge, letter: cut });
  for (const { message, fault } of lost) {
    const { topic, partition, offset } = message;
    deps.log.error({ topic, partition, offset, reason: fault.reason }, "the dead-letter topic refused a message");
  }
  return lost;
}

/** Those that the topic refuses by what they are. */
async function publish(
  deps: Deps,
  input: { refused: readonly Refused[]; letter: (one: Refused) => Omit<BusMessage, "topic"> },
): Promise<Refused[]> {
  if (input.refused.length === 0) return [];
  if (deps.bus === null) throw new Error("This process has no bus for the dead-letter topic.");
  const topic = `${deps.facts.topicPrefix}.delayed.dlq`;
  const results = await deps.bus.publish(input.refused.map((one) => ({ topic, ...input.letter(one) })));
  const failed = results.find((result) => !result.ok && !isRefusal(result));
  if (failed && !failed.ok) throw new Error(`The dead-letter topic did not take a message: ${failed.message}`);
  return input.refused.filter((_, index) => isRefusal(results[index] as PublishResult));
}

function isRefusal(result: PublishResult): boolean {
  return !result.ok && result.errorClass === "bad_payload";
}

function whole({ message, fault }: Refused) {
  return {
    key: message.key,
    value: message.value,
    headers: withHeaders(message.headers, reasonOf({ message, fault })),
  };
}

function cut({ message, fault }: Refused) {
  const headers = { ...reasonOf({ message, fault }), dlq_value_bytes: String(message.value.byteLength) };
  return { key: null, value: message.value.subarray(0, CUT_BYTES), headers };
}

function reasonOf({ message, fault }: Refused): Record<string, string> {
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
