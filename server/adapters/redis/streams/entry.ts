import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { type MessageHeaders, parseStoredHeaders, storedHeaders } from "~/server/domain/message-headers";
import type { BusMessage, Delivered } from "~/server/ports/bus";

/*
 * An entry has the fields `key`, `value` and `headers` (contract §6). Other programs may write entries too, so an
 * absent field is read as empty, and the consumer validates the values.
 */

const Field = z.instanceof(Buffer);
const Entry = z.tuple([Field, z.array(Field).nullable()]);
const Entries = z.array(Entry);
const ReadReply = z.array(z.tuple([Field, Entries])).nullable();
const ClaimReply = z.tuple([Field, Entries]).rest(z.unknown());

export interface StreamEntry {
  id: string;
  /** Null if the entry was removed from the stream after it had been delivered. */
  fields: Buffer[] | null;
}

/** The values of a message for `lua/xadd_many.lua`. */
export function entryValues(message: BusMessage): [key: string | Buffer, value: string | Buffer, headers: string] {
  return [message.key ?? "", message.value, JSON.stringify(storedHeaders(message.headers))];
}

export function readReply(reply: unknown): StreamEntry[] {
  return (ReadReply.parse(reply) ?? []).flatMap(([, entries]) => entries.map(toEntry));
}

/** The next cursor and the entries of an XAUTOCLAIM reply. */
export function claimReply(reply: unknown): { cursor: string; entries: StreamEntry[] } {
  const [cursor, entries] = ClaimReply.parse(reply);
  return { cursor: cursor.toString(), entries: entries.map(toEntry) };
}

export function toDelivered(topic: string, entry: { id: string; fields: Buffer[] }): Delivered {
  const field = (name: string) => {
    const at = entry.fields.findIndex((part, index) => index % 2 === 0 && part.toString() === name);
    return at < 0 ? undefined : entry.fields[at + 1];
  };
  return {
    topic,
    partition: "0",
    offset: entry.id,
    timestampMs: Number(entry.id.slice(0, entry.id.indexOf("-"))),
    key: toKey(field("key")),
    value: field("value") ?? Buffer.alloc(0),
    headers: toHeaders(field("headers")?.toString("utf8") ?? ""),
    // Consumers of one group share the entries, and one consumer may overtake another.
    inOrder: false,
  };
}

function toEntry([id, fields]: z.infer<typeof Entry>): StreamEntry {
  return { id: id.toString(), fields };
}

function toKey(bytes: Buffer | undefined): string | Buffer | null {
  if (bytes === undefined || bytes.length === 0) return null;
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes;
}

function toHeaders(text: string): MessageHeaders {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null) return {};
    return parseStoredHeaders(Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value)])));
  } catch {
    return {};
  }
}
