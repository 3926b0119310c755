import type { BusMessage } from "~/server/ports/bus";
import { entryValues } from "./entry";

/** Messages of one topic that are appended in one call. `indexes` point into the caller's array. */
export interface StreamPart {
  topic: string;
  indexes: number[];
  /** As `lua/xadd_many.lua` takes them. */
  items: (string | Buffer)[];
}

/** One call holds Redis for some milliseconds at most, and its arguments stay within a few MB. */
const MAX_MESSAGES = 500;
const MAX_CHARS = 4_000_000;

/** The wanted messages by topic, a topic's in their order; a large message is a part of its own. */
export function streamParts(messages: readonly BusMessage[], isWanted: (index: number) => boolean): StreamPart[] {
  const parts: StreamPart[] = [];
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
