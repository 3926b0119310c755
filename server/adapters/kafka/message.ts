import { isUtf8 } from "node:buffer";
import type { KafkaMessage, Message } from "kafkajs";
import { type HeaderPair, headersOf, isHeaderList, type MessageHeaders } from "~/server/domain/message-headers";
import type { BusMessage, Delivered } from "~/server/ports/bus";
import type { DecodedRecord, RawHeader } from "./decode";

/** The record encoder (records.ts) also accepts a list of headers. */
export function toKafka({ key, value, headers }: BusMessage): Message {
  if (!isHeaderList(headers)) return { key, value, headers };
  const list = headers.map(([name, text, encoding]) => [
    name,
    text !== null && encoding ? Buffer.from(text, encoding) : text,
  ]);
  return { key, value, headers: list as unknown as Message["headers"] };
}

export function toDelivered(message: KafkaMessage, batch: { topic: string; partition: number }): Delivered {
  const { rawHeaders, undecodable } = message as unknown as DecodedRecord;
  return {
    topic: batch.topic,
    partition: String(batch.partition),
    offset: message.offset,
    timestampMs: Number(message.timestamp),
    key: message.key === null ? null : textOrBytes(message.key),
    value: message.value ?? Buffer.alloc(0),
    headers: toHeaders(rawHeaders),
    inOrder: true,
    ...(undecodable !== null && { undecodable }),
  };
}

function textOrBytes(bytes: Buffer): string | Buffer {
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes;
}

function toHeaders(raw: readonly RawHeader[]): MessageHeaders {
  return headersOf(
    raw.map(([name, bytes]): HeaderPair => {
      if (bytes === null) return [name, null];
      return isUtf8(bytes) ? [name, bytes.toString("utf8")] : [name, bytes.toString("base64"), "base64"];
    }),
  );
}
