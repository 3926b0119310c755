import { Buffer } from "node:buffer";
import { kafkajsPart, replaceKafkajsPart } from "./internals";

/*
 * Reading takes the place of two of kafkajs's functions. Its record reader copies all headers for each header and loses
 * the order of names that come twice. Its batch reader lets one batch that it cannot read end the whole fetch, all
 * other partitions included, over and over; ours hands such a batch on as one record that says why.
 */

/** kafkajs's reader of a buffer. */
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

/** A header as it stands in the record; a name may come several times, and a value may be absent. */
export type RawHeader = readonly [name: string, value: Buffer | null];

/** What kafkajs hands on as a message. */
export class DecodedRecord {
  readonly attributes = 0;
  constructor(
    readonly batchContext: BatchContext,
    readonly offset: string,
    readonly timestamp: string,
    readonly key: Buffer | null,
    readonly value: Buffer | null,
    readonly rawHeaders: readonly RawHeader[],
    /** Why this stands for a batch that could not be read; `value` is then the bytes of that batch. */
    readonly undecodable: string | null = null,
  ) {}

  get magicByte(): number {
    return this.batchContext.magicByte;
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControlBatch;
  }

  /** In kafkajs's form. */
  get headers(): Record<string, Buffer | null | (Buffer | null)[]> {
    const headers: Record<string, Buffer | null | (Buffer | null)[]> = {};
    for (const [name, value] of this.rawHeaders) {
      const before = headers[name];
      headers[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
    }
    return headers;
  }
}

const NO_HEADERS: readonly RawHeader[] = [];
const { LOG_APPEND_TIME } = kafkajsPart<{ LOG_APPEND_TIME: number }>("protocol/timestampTypes.js");

/** A record of message format 2. Throws a RangeError where its lengths do not fit its bytes. */
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
  if (cursor.at !== buffer.length) throw new RangeError("a record is longer or shorter than it says");
  const appended = context.timestampType === LOG_APPEND_TIME && context.maxTimestamp;
  const timestamp = appended ? context.maxTimestamp : String(Number(context.firstTimestamp) + timestampDelta);
  const offset = String(Number(context.firstOffset) + offsetDelta);
  return new DecodedRecord(context, offset, timestamp, key, value, count > 0 ? headers : NO_HEADERS);
}

interface Cursor {
  readonly buffer: Buffer;
  at: number;
}

/** Zigzag, seven bits a byte, the lowest first; below 2^52. */
function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = cursor.buffer[cursor.at];
    if (byte === undefined || factor > 2 ** 63) throw new RangeError("a number is cut off");
    cursor.at += 1;
    value += (byte & 127) * factor;
    if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** A length and as many bytes; the length -1 is null. */
function readBytes(cursor: Cursor): Buffer | null {
  const length = readVarint(cursor);
  if (length === -1) return null;
  const end = cursor.at + length;
  if (length < 0 || end > cursor.buffer.length) throw new RangeError("a field is cut off");
  const bytes = cursor.buffer.subarray(cursor.at, end);
  cursor.at = end;
  return bytes;
}

interface RecordBatch extends BatchContext {
  lastOffsetDelta: number;
  records: DecodedRecord[];
}
type DecodeBatch = (reader: Reader) => Promise<RecordBatch>;

/** Places in a record batch: base offset (8 bytes) and length (4) come before what the length counts. */
const AT = { length: 8, magic: 16, attributes: 21, lastOffsetDelta: 23, firstTimestamp: 27, maxTimestamp: 35 };
const PREFIX_BYTES = 12;
const CODEC_MASK = 7;
const LARGEST_CODEC = 4;

/** `original`, but a batch that it cannot read is one record with the batch's last offset and its bytes. */
export function isolating(original: DecodeBatch): DecodeBatch {
  return async (reader) => {
    const start = reader.offset;
    try {
      const codec = reader.buffer.readInt16BE(start + AT.attributes) & CODEC_MASK;
      // kafkajs reads what it has no codec for as if it were not compressed.
      if (codec > LARGEST_CODEC) throw new Error(`Kafka has no compression codec of the number ${codec}`);
      return await original(reader);
    } catch (error) {
      const end = start + PREFIX_BYTES + reader.buffer.readInt32BE(start + AT.length);
      // The broker cuts the last batch of an answer to the size that was asked for: the next fetch brings the whole of
      // it.
      if (end > reader.buffer.length || end <= start + AT.maxTimestamp) throw partial(error as Error);
      reader.offset = end;
      return undecodableBatch(reader.buffer.subarray(start, end), error as Error);
    }
  };
}

const { KafkaJSPartialMessageError } = kafkajsPart<{ KafkaJSPartialMessageError: new (message: string) => Error }>(
  "errors.js",
);

function partial(error: Error): Error {
  return error.name === "KafkaJSPartialMessageError" ? error : new KafkaJSPartialMessageError(error.message);
}

function undecodableBatch(bytes: Buffer, error: Error): RecordBatch {
  const lastOffsetDelta = bytes.readInt32BE(AT.lastOffsetDelta);
  const first = bytes.readBigInt64BE(0);
  const maxTimestamp = bytes.readBigInt64BE(AT.maxTimestamp).toString();
  const context: BatchContext = {
    firstOffset: String(first),
    firstTimestamp: bytes.readBigInt64BE(AT.firstTimestamp).toString(),
    maxTimestamp,
    timestampType: 0,
    magicByte: bytes.readInt8(AT.magic),
    isControlBatch: false,
  };
  // The last offset: whoever has dealt with it goes on behind the batch.
  const last = String(first + BigInt(Math.max(0, lastOffsetDelta)));
  const reason = `the record batch of offsets ${first} to ${last} cannot be read: ${error.message}`;
  const record = new DecodedRecord(context, last, maxTimestamp, null, Buffer.from(bytes), NO_HEADERS, reason);
  return { ...context, lastOffsetDelta, records: [record] };
}

/** @internal kafkajs's own, which a test compares with ours. */
export const theirDecodeRecord = replaceKafkajsPart<typeof decodeRecord>(
  "protocol/recordBatch/record/v0/decoder.js",
  () => decodeRecord,
);
replaceKafkajsPart<DecodeBatch>("protocol/recordBatch/v0/decoder.js", isolating);
