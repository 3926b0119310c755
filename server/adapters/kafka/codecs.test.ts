import { randomBytes } from "node:crypto";
import kafkajs from "kafkajs";
import { compressFrame } from "lz4-napi";
import { describe, expect, it } from "vitest";
import { compressionType } from "./codecs";
import { isLongerLz4 } from "./lz4-length";

const MIB = 1024 * 1024;
const FRAME_HEADER_BYTES = 7;
const END_MARK = Buffer.alloc(4);

function unpackLz4(frame: Buffer): Promise<Buffer> {
  const codecs: Record<number, () => { decompress(bytes: Buffer): Promise<Buffer> }> = kafkajs.CompressionCodecs;
  return (codecs[compressionType("lz4")] as (typeof codecs)[number])().decompress(frame);
}

/** A frame whose content is `count` times 1 MiB of zeros, in about 4 kB for each MiB. */
async function zeros(count: number): Promise<Buffer> {
  const one = await compressFrame(Buffer.alloc(MIB));
  const blocks = one.subarray(FRAME_HEADER_BYTES, -END_MARK.length);
  return Buffer.concat([one.subarray(0, FRAME_HEADER_BYTES), ...Array<Buffer>(count).fill(blocks), END_MARK]);
}

describe("an LZ4 batch", () => {
  it("is read if it decompresses to exactly the limit, and refused beyond it", async () => {
    const unpackedLength = async (frame: Buffer) => (await unpackLz4(frame)).length;
    expect(await unpackedLength(await zeros(256))).toBe(256 * MIB);
    await expect(unpackedLength(await zeros(257))).rejects.toThrow("decompresses to more than 268435456 bytes");
  });

  it.each([
    ["random bytes, which are stored uncompressed", randomBytes(3 * MIB), {}],
    ["text", Buffer.from(Array.from({ length: 300_000 }, (_, n) => `${n * 7919} "é"`).join()), {}],
    ["long matches", Buffer.concat([randomBytes(5000), Buffer.alloc(MIB), Buffer.alloc(20_000, "abc")]), {}],
    ["checksums", randomBytes(3 * MIB), { blockChecksums: true, contentChecksum: true }],
    ["a short text", Buffer.from("a"), {}],
  ])("with %s is as long as counted", async (_, bytes, options) => {
    const frame = await compressFrame(bytes, options);
    expect([isLongerLz4(frame, bytes.length), isLongerLz4(frame, bytes.length - 1)]).toEqual([false, true]);
    expect((await unpackLz4(frame)).equals(bytes)).toBe(true);
  });

  it("with the length of its content in its header is as long as counted", async () => {
    const frame = await compressFrame(Buffer.alloc(MIB));
    const withLength = Buffer.concat([frame.subarray(0, 6), Buffer.alloc(8), frame.subarray(6)]);
    withLength.writeUInt8(withLength.readUInt8(4) | 8, 4);
    expect([isLongerLz4(withLength, MIB), isLongerLz4(withLength, MIB - 1)]).toEqual([false, true]);
  });

  it("of another format is refused if it may be too long", async () => {
    const frame = await zeros(257);
    frame.writeUInt32LE(0x184c2102, 0);
    await expect(unpackLz4(frame)).rejects.toThrow("not an LZ4 frame");
  });
});
