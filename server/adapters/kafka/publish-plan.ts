import { headerPairs } from "~/server/domain/message-headers";
import type { BusMessage } from "~/server/ports/bus";

/** Consecutive messages of one topic that travel in one record batch. `indexes` point into the caller's array. */
export interface Part {
  topic: string;
  indexes: number[];
  bytes: number;
}

export interface PlanLimits {
  /** Of one part, keys and headers counted, before compression. */
  partBytes: number;
  partMessages: number;
  /** Of all parts of one round. */
  roundBytes: number;
}

/** What a broker adds to each record, generously. */
const RECORD_OVERHEAD_BYTES = 64;

/** Size of a message as a broker counts it, before compression. */
export function messageBytes(message: BusMessage): number {
  let bytes = RECORD_OVERHEAD_BYTES + Buffer.byteLength(message.value) + Buffer.byteLength(message.key ?? "");
  for (const [name, value] of headerPairs(message.headers)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value ?? "") + 8;
  }
  return bytes;
}

/**
 * Rounds to send one after another. A round has at most one part of a topic, and a topic's parts lie in the
 * order of its messages: so a topic's order is kept, and no record batch is refused only because many small
 * messages came together. A message above `partBytes` is a part of its own.
 */
export function planRounds(input: {
  messages: readonly BusMessage[];
  indexes: readonly number[];
  limits: PlanLimits;
}): Part[][] {
  const { messages, limits } = input;
  const lanes = new Map<string, Part[]>();
  for (const index of input.indexes) {
    const message = messages[index];
    if (!message) continue;
    const bytes = messageBytes(message);
    const lane = lanes.get(message.topic) ?? [];
    lanes.set(message.topic, lane);
    const last = lane.at(-1);
    if (last && last.bytes + bytes <= limits.partBytes && last.indexes.length < limits.partMessages) {
      last.indexes.push(index);
      last.bytes += bytes;
    } else {
      lane.push({ topic: message.topic, indexes: [index], bytes });
    }
  }
  const rounds: Part[][] = [];
  for (let depth = 0; ; depth++) {
    const parts = [...lanes.values()].flatMap((lane) => lane[depth] ?? []);
    if (parts.length === 0) return rounds;
    rounds.push(...packRound(parts, limits.roundBytes));
  }
}

function packRound(parts: readonly Part[], roundBytes: number): Part[][] {
  const rounds: Part[][] = [];
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
