import type { BusMessage } from "~/server/ports/bus";
import { entryValues } from "./entry";

/** Messages of one topic that are appended in one call. `indexes` refer to the caller's array. */
export interface StreamPart {
  topic: string;
  indexes: number[];
  /** Arguments of `lua/xadd_many.lua`. */
  items: (string | Buffer)[];
}

/** Maximum number of messages in one call, so that a call blocks Redis for a few milliseconds at most. */
const MAX_MESSAGES = 500;
/** Maximum length of the values and headers in one call, for the same reason. */
const MAX_CHARS = 4_000_000;

/** Splits the wanted messages into parts by topic, in order. A large message gets its own part. */
export function streamParts(messages: readonly BusMessage[], isWanted: (index: number) => boolean): StreamPart[] {
  const parts: StreamPart[] = [];
  /** The last part of each topic, to which further messages are added. */
  const filling = new Map<string, { part: StreamPart; chars: number }>();
  for (const [index, message] of messages.entries()) {
    if (!isWanted(index)) continue;
    const values = entryValues(message);
    const chars = values[1].length + values[2].length;
    let open = filling.get(message.topic);
    if (!open || open.part.indexes.length >= MAX_MESSAGES || open.chars + chars > MAX_CHARS) {
      open = { part: { topic: message.topic, indexes: [], items: [] }, chars: 0 };
      filling.set(message.topic, open);
      parts.push(open.part);
    }
    open.part.indexes.push(index);
    open.part.items.push(...values);
    open.chars += chars;
  }
  return parts;
}
