import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { init as loadZstd, compress as zstdCompress } from "@bokuweb/zstd-wasm";
import { Decompress as ZstdReader } from "fzstd";
// The default import: Node's ESM finds only some of the names that this CommonJS module exports.
import kafkajs from "kafkajs";
import { compressFrame, decompressFrame } from "lz4-napi";
import { compress as snappyCompress, uncompress as snappyUncompress } from "snappy";
import { isLongerLz4 } from "./lz4-length";

/*
 * kafkajs implements only gzip. Its codec table is global, so these codecs are registered for every client of the
 * process. The formats are compatible with the Java clients.
 */

/** Limit of a decompressed batch, so that a small malicious batch cannot exhaust the memory. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
/** The default of zstd. On batches of about 100 kB, higher levels take more time and save few bytes. */
const ZSTD_LEVEL = 3;

/** In the order of Kafka's codec numbers, from 0. */
export const COMPRESSIONS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
export type Compression = (typeof COMPRESSIONS)[number];

export function compressionType(compression: Compression): number {
  return COMPRESSIONS.indexOf(compression);
}

interface Codec {
  compress(bytes: Buffer): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

const gzipAsync = promisify<Buffer, Buffer>(gzip);
const gunzipAsync = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

const CODECS: Record<Exclude<Compression, "none">, Codec> = {
  gzip: {
    compress: gzipAsync,
    decompress: (bytes) => gunzipAsync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }),
  },
  snappy: {
    async compress(bytes) {
      const block = await snappyCompress(bytes);
      const length = Buffer.alloc(4);
      length.writeInt32BE(block.length);
      return Buffer.concat([XERIAL_HEADER, length, block]);
    },
    decompress: unpackSnappy,
  },
  lz4: { compress: compressFrame, decompress: unpackLz4 },
  zstd: {
    async compress(bytes) {
      zstdLoaded ??= loadZstd();
      await zstdLoaded;
      return Buffer.from(zstdCompress(bytes, ZSTD_LEVEL));
    },
    // The library that compresses cannot read Java's frames, which do not contain the content length.
    decompress: async (bytes) => unpackZstd(bytes),
  },
};
let zstdLoaded: Promise<void> | undefined;

/** A snappy-java stream is a header (magic, version 1 twice) and blocks, each preceded by its length (4 bytes). */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER = Buffer.concat([XERIAL_MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);

/** Java clients write a snappy-java stream; some other clients write one bare block. */
async function unpackSnappy(bytes: Buffer): Promise<Buffer> {
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return snappyBlock(bytes, MAX_UNPACKED_BYTES);
  const blocks: Buffer[] = [];
  let left = MAX_UNPACKED_BYTES;
  for (let at = XERIAL_HEADER.length; at < bytes.length; ) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end <= at + 4 || end > bytes.length) throw new Error("a Snappy block is truncated");
    const block = await snappyBlock(bytes.subarray(at + 4, end), left);
    left -= block.length;
    blocks.push(block);
    at = end;
  }
  return Buffer.concat(blocks);
}

async function snappyBlock(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  if (snappyLength(bytes) > maxBytes) throw tooLarge();
  return (await snappyUncompress(bytes)) as Buffer;
}

/** The content length at the start of a block, seven bits per byte. */
function snappyLength(bytes: Buffer): number {
  let length = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = bytes[at] ?? 0;
    length += (byte & 127) * 128 ** at;
    if (byte < 128) break;
  }
  return length;
}

async function unpackLz4(bytes: Buffer): Promise<Buffer> {
  if (isLongerLz4(bytes, MAX_UNPACKED_BYTES)) throw tooLarge();
  return decompressFrame(bytes);
}

function unpackZstd(bytes: Buffer): Buffer {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = new ZstdReader((chunk) => {
    length += chunk.length;
    if (length > MAX_UNPACKED_BYTES) throw tooLarge();
    chunks.push(chunk);
  });
  reader.push(bytes, true);
  return Buffer.concat(chunks, length);
}

const tooLarge = () => new Error(`the batch decompresses to more than ${MAX_UNPACKED_BYTES} bytes`);

const registered: Record<number, () => unknown> = kafkajs.CompressionCodecs;
for (const [name, codec] of Object.entries(CODECS)) {
  registered[compressionType(name as Compression)] = () => ({
    compress: (encoder: { buffer: Buffer }) => codec.compress(encoder.buffer),
    decompress: codec.decompress,
  });
}
