import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { init as loadZstd, compress as zstdCompress } from "@bokuweb/zstd-wasm";
import { Decompress as ZstdReader } from "fzstd";
// The default import: Node's ESM finds only some of the names that this CommonJS module exports.
import kafkajs from "kafkajs";
import { compressFrame, decompressFrame } from "lz4-napi";
import { compress as snappyCompress, uncompress as snappyUncompress } from "snappy";

/*
 * kafkajs brings gzip and knows the other codecs by number only. Its table belongs to the module, so this registers
 * ours for every client of the process. Formats are those of Java's clients.
 */

/**
 * A batch of 1 MB can hold any amount of zeros: what unpacks to more than this is refused instead of filling the
 * memory.
 */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
/** zstd's own default: a higher level costs more time than it saves bytes on batches of some 100 kB. */
const ZSTD_LEVEL = 3;

export const COMPRESSIONS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** kafkajs's number of a codec. */
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
  lz4: { compress: compressFrame, decompress: decompressFrame },
  zstd: {
    async compress(bytes) {
      zstdLoaded ??= loadZstd();
      await zstdLoaded;
      return Buffer.from(zstdCompress(bytes, ZSTD_LEVEL));
    },
    // Not by the same library: Java's frames do not say how long their content is, which it needs to know.
    decompress: async (bytes) => unpackZstd(bytes),
  },
};
let zstdLoaded: Promise<void> | undefined;

/** snappy-java's stream: this header, with version 1 twice, then blocks with their length (4 bytes) before each. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER = Buffer.concat([XERIAL_MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);

/** Java writes snappy-java's stream; some other clients write one bare block. */
async function unpackSnappy(bytes: Buffer): Promise<Buffer> {
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return snappyBlock(bytes, MAX_UNPACKED_BYTES);
  const blocks: Buffer[] = [];
  let left = MAX_UNPACKED_BYTES;
  for (let at = XERIAL_HEADER.length; at < bytes.length; ) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end <= at + 4 || end > bytes.length) throw new Error("a Snappy block is cut off");
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

/** A block begins with the length of its content, seven bits a byte. */
function snappyLength(bytes: Buffer): number {
  let length = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = bytes[at] ?? 0;
    length += (byte & 127) * 128 ** at;
    if (byte < 128) break;
  }
  return length;
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

const tooLarge = () => new Error(`the batch unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);

const registered: Record<number, () => unknown> = kafkajs.CompressionCodecs;
for (const [name, codec] of Object.entries(CODECS)) {
  registered[compressionType(name as Compression)] = () => ({
    compress: (encoder: { buffer: Buffer }) => codec.compress(encoder.buffer),
    decompress: codec.decompress,
  });
}
