import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DecodedRecord, decodeRecord, kafkajsDecodeRecord } from "./decode";
import { encodeRecord, type KafkaRecord } from "./records";

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const records = fc.record<KafkaRecord>({
  offsetDelta: fc.nat(100_000),
  timestampDelta: fc.integer({ min: -1_000_000, max: 10_000_000_000_000 }),
  key: fc.option(bytes, { nil: null }),
  value: fc.option(bytes, { nil: null }),
  headers: fc.dictionary(
    fc.string({ unit: "grapheme", maxLength: 80 }).filter((name) => name !== "__proto__"),
    fc.oneof(bytes, fc.array(bytes, { minLength: 2, maxLength: 3 })),
  ),
});
const CONTEXT = {
  firstOffset: "9007199254740",
  firstTimestamp: "1780315200000",
  maxTimestamp: "1780315200999",
  timestampType: 0,
  magicByte: 2,
  isControlBatch: false,
};
const KafkaDecoder = createRequire(import.meta.url)("kafkajs/src/protocol/decoder.js");

/** The body of a record, without its length prefix. */
function bodyOf(record: KafkaRecord): Buffer {
  const { buffer } = encodeRecord(record);
  return buffer.subarray(buffer.findIndex((byte) => byte < 128) + 1);
}

const fieldsOf = ({ offset, timestamp, key, value, headers }: DecodedRecord) => ({
  offset,
  timestamp,
  key,
  value,
  headers,
});

describe("a record is decoded", () => {
  it("to the same fields as by kafkajs", () => {
    fc.assert(
      fc.property(records, (record) => {
        const body = bodyOf(record);
        const ours = decodeRecord({ buffer: body, offset: 0 }, CONTEXT);
        expect(fieldsOf(ours)).toEqual(fieldsOf(kafkajsDecodeRecord(new KafkaDecoder(body), CONTEXT)));
      }),
    );
  });

  it("with its headers in order, including binary values and repeated names", () => {
    const headers = [
      ["x-dup", Buffer.from("first")],
      ["10", Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x01])],
      ["9", null],
      ["x-dup", Buffer.from("second")],
      ["__proto__", Buffer.alloc(0)],
    ] as const;
    expect(decodeRecord({ buffer: bodyOf({ headers }), offset: 0 }, CONTEXT).rawHeaders).toEqual(headers);
  });

  it("or refused with a RangeError, for arbitrary bytes, without reading beyond their end", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (array) => {
        const buffer = Buffer.from(array);
        try {
          const { key, value } = decodeRecord({ buffer, offset: 0 }, CONTEXT);
          expect((key?.length ?? 0) + (value?.length ?? 0)).toBeLessThanOrEqual(buffer.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
