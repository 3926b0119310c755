import { headerPairs } from "~/server/domain/message-headers";
import type { BusMessage } from "~/server/ports/bus";

/** Consecutive messages of one topic that are sent in one record batch. `indexes` refer to the caller's array. */
export interface Part {
  topic: string;
  indexes: number[];
  bytes: number;
}

export interface PlanLimits {
  /** Limit of one part, including keys and headers, before compression. */
  partBytes: number;
  partMessages: number;
  /** Limit of all parts of one round. */
  roundBytes: number;
}

/** An upper bound of the bytes of a record besides key, value and headers. */
const RECORD_OVERHEAD_BYTES = 64;
/** An upper bound of the bytes of a header's two lengths. */
const HEADER_OVERHEAD_BYTES = 8;

/** An upper bound of a message's size in a record batch, before compression. */
export function messageBytes(message: BusMessage): number {
  let bytes = RECORD_OVERHEAD_BYTES + Buffer.byteLength(message.value) + Buffer.byteLength(message.key ?? "");
  for (const [name, value] of headerPairs(message.headers)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value ?? "") + HEADER_OVERHEAD_BYTES;
  }
  return bytes;
}

/**
 * Splits messages into rounds that are sent one after another. A round has at most one part per topic, and a topic's
 * parts keep the order of its messages. Parts stay within the limits, except that a message above `partBytes` gets its
 * own part. A topic with a smaller limit than `partBytes` may refuse other parts for their size too.
 */
export function planRounds(input: {
  messages: readonly BusMessage[];
  indexes: readonly number[];
  limits: PlanLimits;
}): Part[][] {
  const { messages, limits } = input;
  const partsByTopic = new Map<string, Part[]>();
  for (const index of input.indexes) {
    const message = messages[index];
    if (!message) continue;
    const bytes = messageBytes(message);
    const topicParts = partsByTopic.get(message.topic) ?? [];
    partsByTopic.set(message.topic, topicParts);
    const last = topicParts.at(-1);
    if (last && last.bytes + bytes <= limits.partBytes && last.indexes.length < limits.partMessages) {
      last.indexes.push(index);
      last.bytes += bytes;
    } else {
      topicParts.push({ topic: message.topic, indexes: [index], bytes });
    }
  }
  const rounds: Part[][] = [];
  for (let depth = 0; ; depth++) {
    const parts = [...partsByTopic.values()].flatMap((topicParts) => topicParts[depth] ?? []);
    if (parts.length === 0) return rounds;
    rounds.push(...packRound(parts, limits.roundBytes));
  }
}

function packRound(parts: readonly Part[], roundBytes: number): Part[][] {
  const rounds: Part[][] = [];
  // Infinite, so that the first part starts a round.
  let bytes = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    if (bytes + part.bytes > roundBytes) {
      rounds.push([]);
      bytes = 0;
    }
    rounds.at(-1)?.push(part);
    bytes += part.bytes;
  }
  return rounds;
}
