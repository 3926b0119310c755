import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeRecord, type KafkaRecord, kafkajsEncodeRecord } from "./records";

const bytes = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
);
const maybeBytes = fc.option(bytes, { nil: null });
const records = fc.record<KafkaRecord>({
  offsetDelta: fc.nat(100_000),
  timestampDelta: fc.integer({ min: -1_000_000, max: 10_000_000_000_000 }),
  key: maybeBytes,
  value: maybeBytes,
  headers: fc.dictionary(
    fc.string({ unit: "grapheme", maxLength: 80 }),
    fc.oneof(bytes, fc.array(bytes, { maxLength: 3 })),
  ),
});

it("writes the same bytes for a record as kafkajs", () => {
  fc.assert(
    fc.property(records, (record) => {
      expect(encodeRecord(record).buffer.toString("hex")).toBe(kafkajsEncodeRecord(record).buffer.toString("hex"));
    }),
  );
});

it("writes a header without a value with length -1", () => {
  const { buffer } = encodeRecord({ value: "v", headers: { h: null } });
  // Numbers are zigzag varints: 1 is -1. 118 is "v", and 104 is "h".
  expect([...buffer]).toEqual([20, 0, 0, 0, 1, 2, 118, 2, 2, 104, 1]);
});

it("replaces the record encoder that kafkajs loads", () => {
  expect(createRequire(import.meta.url)("kafkajs/src/protocol/recordBatch/record/v0/index.js")).toBe(encodeRecord);
});
