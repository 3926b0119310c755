import { Buffer } from "node:buffer";
import { kafkajsPart, replaceKafkajsPart } from "./internals";

/*
 * Replaces two functions of kafkajs. The record reader of kafkajs takes quadratic time for headers, and loses the order
 * of repeated names. The batch reader of kafkajs fails every fetch, with all its partitions, because of one unreadable
 * batch. The replacement delivers an unreadable batch as a single record with the reason.
 */

interface Reader {
  buffer: Buffer;
  offset: number;
}

interface BatchContext {
  firstOffset: string;
  firstTimestamp: string;
  maxTimestamp: string;
  timestampType: number;
  magicByte: number;
  isControlBatch: boolean;
}

/** A header of a record. Names may repeat; a value may be null. */
export type RawHeader = readonly [name: string, value: Buffer | null];

export class DecodedRecord {
  readonly attributes = 0;
  constructor(
    readonly batchContext: BatchContext,
    readonly offset: string,
    readonly timestamp: string,
    readonly key: Buffer | null,
    readonly value: Buffer | null,
    readonly rawHeaders: readonly RawHeader[],
    /** Why a batch is unreadable; `value` then has the bytes of the batch. Null for an ordinary record. */
    readonly undecodable: string | null = null,
  ) {}

  get magicByte(): number {
    return this.batchContext.magicByte;
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControlBatch;
  }

  get headers(): Record<string, Buffer | null | (Buffer | null)[]> {
    const headers: Record<string, Buffer | null | (Buffer | null)[]> = {};
    for (const [name, value] of this.rawHeaders) {
      const earlier = headers[name];
      headers[name] = earlier === undefined ? value : Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
    }
    return headers;
  }
}

const NO_HEADERS: readonly RawHeader[] = [];
const { LOG_APPEND_TIME } = kafkajsPart<{ LOG_APPEND_TIME: number }>("protocol/timestampTypes.js");

/** Decodes a record of message format 2. @throws RangeError if its lengths do not match its bytes. */
export function decodeRecord({ buffer }: Reader, context: BatchContext): DecodedRecord {
  const cursor = { buffer, at: 1 };
  const timestampDelta = readVarint(cursor);
  const offsetDelta = readVarint(cursor);
  const key = readBytes(cursor);
  const value = readBytes(cursor);
  const count = readVarint(cursor);
  const headers: RawHeader[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = readBytes(cursor);
    if (name === null) throw new RangeError("a header has no name");
    headers.push([name.toString("utf8"), readBytes(cursor)]);
  }
  if (cursor.at !== buffer.length) throw new RangeError("the length of a record is wrong");
  const appended = context.timestampType === LOG_APPEND_TIME && context.maxTimestamp;
  const timestamp = appended ? context.maxTimestamp : String(Number(context.firstTimestamp) + timestampDelta);
  const offset = String(Number(context.firstOffset) + offsetDelta);
  return new DecodedRecord(context, offset, timestamp, key, value, count > 0 ? headers : NO_HEADERS);
}

interface Cursor {
  readonly buffer: Buffer;
  at: number;
}

/** Reads a zigzag varint of at most 10 bytes, seven bits per byte, lowest bits first. Exact below 2^52. */
function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = cursor.buffer[cursor.at];
    if (byte === undefined || factor > 2 ** 63) throw new RangeError("a number is truncated or too long");
    cursor.at += 1;
    value += (byte & 127) * factor;
    if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** Reads a length and a field of this length; the length -1 means null. */
function readBytes(cursor: Cursor): Buffer | null {
  const length = readVarint(cursor);
  if (length === -1) return null;
  const end = cursor.at + length;
  if (length < 0 || end > cursor.buffer.length) throw new RangeError("a field is truncated");
  const bytes = cursor.buffer.subarray(cursor.at, end);
  cursor.at = end;
  return bytes;
}

interface RecordBatch extends BatchContext {
  lastOffsetDelta: number;
  records: DecodedRecord[];
}
type DecodeBatch = (reader: Reader) => Promise<RecordBatch>;

/** Positions in a record batch. The length field counts the bytes after `PREFIX_BYTES`. */
const POSITION = { length: 8, magic: 16, attributes: 21, lastOffsetDelta: 23, firstTimestamp: 27, maxTimestamp: 35 };
const PREFIX_BYTES = 12;
const CODEC_MASK = 7;
const LARGEST_CODEC = 4;

/** Wraps `original`. An unreadable batch becomes one record with the bytes and the last offset of the batch. */
export function isolateUnreadableBatches(original: DecodeBatch): DecodeBatch {
  return async (reader) => {
    const start = reader.offset;
    try {
      const codec = reader.buffer.readInt16BE(start + POSITION.attributes) & CODEC_MASK;
      // kafkajs reads a batch with an unknown codec as uncompressed.
      if (codec > LARGEST_CODEC) throw new Error(`unknown compression codec ${codec}`);
      return await original(reader);
    } catch (error) {
      const end = start + PREFIX_BYTES + reader.buffer.readInt32BE(start + POSITION.length);
      // The broker truncates the last batch to the requested size. The next fetch returns the whole batch.
      if (end > reader.buffer.length || end <= start + POSITION.maxTimestamp) throw partialMessageError(error as Error);
      reader.offset = end;
      return undecodableBatch(reader.buffer.subarray(start, end), error as Error);
    }
  };
}

const { KafkaJSPartialMessageError } = kafkajsPart<{ KafkaJSPartialMessageError: new (message: string) => Error }>(
  "errors.js",
);

function partialMessageError(error: Error): Error {
  return error.name === "KafkaJSPartialMessageError" ? error : new KafkaJSPartialMessageError(error.message);
}

function undecodableBatch(bytes: Buffer, error: Error): RecordBatch {
  const lastOffsetDelta = bytes.readInt32BE(POSITION.lastOffsetDelta);
  const first = bytes.readBigInt64BE(0);
  const maxTimestamp = bytes.readBigInt64BE(POSITION.maxTimestamp).toString();
  const context: BatchContext = {
    firstOffset: String(first),
    firstTimestamp: bytes.readBigInt64BE(POSITION.firstTimestamp).toString(),
    maxTimestamp,
    timestampType: 0,
    magicByte: bytes.readInt8(POSITION.magic),
    isControlBatch: false,
  };
  // Committing the last offset skips the whole batch.
  const last = String(first + BigInt(Math.max(0, lastOffsetDelta)));
  const reason = `the record batch of offsets ${first} to ${last} cannot be read: ${error.message}`;
  const record = new DecodedRecord(context, last, maxTimestamp, null, Buffer.from(bytes), NO_HEADERS, reason);
  return { ...context, lastOffsetDelta, records: [record] };
}

/** @internal The original of kafkajs, which a test compares with `decodeRecord`. */
export const kafkajsDecodeRecord = replaceKafkajsPart<typeof decodeRecord>(
  "protocol/recordBatch/record/v0/decoder.js",
  () => decodeRecord,
);
replaceKafkajsPart<DecodeBatch>("protocol/recordBatch/v0/decoder.js", isolateUnreadableBatches);
