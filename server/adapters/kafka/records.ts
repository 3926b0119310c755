import { replaceKafkajsPart } from "./internals";

/*
 * kafkajs makes an encoder, which is half a kilobyte of zeroes and more, of each record and of each of its headers, and
 * a small buffer of each number in it: for our messages with their eight headers that is five sixths of what a publish
 * costs. This writes the same bytes into one buffer a record, and takes the place of kafkajs's own function.
 */

/**
 * As kafkajs calls it. Headers also as pairs, in whose order they are written: an object has none for names that come
 * twice.
 */
export interface KafkaRecord {
  offsetDelta?: number;
  timestampDelta?: number;
  key?: Bytes;
  value?: Bytes;
  headers?: Readonly<Record<string, Bytes | readonly Bytes[]>> | readonly (readonly [name: string, value: Bytes])[];
}
type Bytes = string | Buffer | null | undefined;

/** What kafkajs reads of an encoder. */
interface Encoded {
  buf: Buffer;
  buffer: Buffer;
}

/** Present and written as a length and as many bytes, or absent: the length -1. */
interface Field {
  value: Bytes;
  length: number;
}

/** A record of a batch as Kafka's message format 2 has it. Numbers are below 2^52. */
export function encodeRecord(record: KafkaRecord): Encoded {
  const { offsetDelta = 0, timestampDelta = 0, headers = {} } = record;
  const fields: Field[] = [];
  const headerCount = addHeaders(fields, headers);
  const key = field(record.key);
  const value = field(record.value);
  let body = 1 + varintSize(timestampDelta) + varintSize(offsetDelta) + sizeOf(key) + sizeOf(value);
  body += varintSize(headerCount);
  for (const one of fields) body += sizeOf(one);

  const buffer = Buffer.allocUnsafe(varintSize(body) + body);
  let at = writeVarint(buffer, body, 0);
  // The attributes; none is in use.
  buffer[at] = 0;
  at = writeVarint(buffer, timestampDelta, at + 1);
  at = writeVarint(buffer, offsetDelta, at);
  at = writeField(buffer, key, at);
  at = writeField(buffer, value, at);
  at = writeVarint(buffer, headerCount, at);
  for (const one of fields) at = writeField(buffer, one, at);
  return { buf: buffer, buffer };
}

/** Name and value of each header, one after the other; answers how many headers there are. */
function addHeaders(fields: Field[], headers: NonNullable<KafkaRecord["headers"]>): number {
  if (isPairs(headers)) {
    for (const [name, value] of headers) fields.push(field(name), field(value));
    return headers.length;
  }
  for (const name in headers) {
    const value = headers[name];
    for (const one of Array.isArray(value) ? value : [value]) fields.push(field(name), field(one as Bytes));
  }
  return fields.length / 2;
}

function isPairs(headers: NonNullable<KafkaRecord["headers"]>): headers is readonly (readonly [string, Bytes])[] {
  return Array.isArray(headers);
}

function field(value: Bytes): Field {
  return { value, length: value === null || value === undefined ? -1 : Buffer.byteLength(value) };
}

function sizeOf({ length }: Field): number {
  return varintSize(length) + Math.max(0, length);
}

function writeField(buffer: Buffer, { value, length }: Field, from: number): number {
  const at = writeVarint(buffer, length, from);
  if (value === null || value === undefined) return at;
  if (typeof value === "string") buffer.write(value, at, length, "utf8");
  else value.copy(buffer, at);
  return at + length;
}

/** Zigzag: the sign is the lowest bit, so that small negative numbers are short. */
const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);

function varintSize(value: number): number {
  let size = 1;
  for (let left = zigzag(value); left >= 128; left = Math.floor(left / 128)) size += 1;
  return size;
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. Answers where the next begins. */
function writeVarint(buffer: Buffer, value: number, from: number): number {
  let at = from;
  let left = zigzag(value);
  while (left >= 128) {
    buffer[at++] = (left % 128) | 128;
    left = Math.floor(left / 128);
  }
  buffer[at++] = left;
  return at;
}

/** @internal kafkajs's own, which a test compares with ours. */
export const theirEncodeRecord = replaceKafkajsPart<typeof encodeRecord>(
  "protocol/recordBatch/record/v0/index.js",
  () => encodeRecord,
);
