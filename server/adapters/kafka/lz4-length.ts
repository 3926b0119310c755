/*
 * The library for LZ4 decompresses only whole frames, without a limit, and Kafka's frames do not contain the length of
 * their content. So the length is counted first. The formats: lz4_Frame_format.md and lz4_Block_format.md of lz4/lz4.
 */

const MAGIC = 0x184d2204;
const HAS_CONTENT_LENGTH = 8;
const HAS_BLOCK_CHECKSUMS = 16;
const IS_STORED = 0x8000_0000;
/** A length of this value continues in the next bytes. */
const CONTINUED = 15;
const MIN_MATCH = 4;
/** The bytes that one byte of a block adds at most. */
const MAX_RATIO = 255;

/**
 * Whether a frame decompresses to more than `maxBytes`. Throws for another format that may be that long; does not check
 * the frame.
 */
export function isLongerLz4(frame: Buffer, maxBytes: number): boolean {
  if (frame.length * MAX_RATIO <= maxBytes) return false;
  if (frame.readUInt32LE(0) !== MAGIC) throw new Error("the batch is not an LZ4 frame");
  const flags = frame.readUInt8(4);
  const checksumBytes = flags & HAS_BLOCK_CHECKSUMS ? 4 : 0;
  let length = 0;
  for (let at = flags & HAS_CONTENT_LENGTH ? 15 : 7; at + 4 <= frame.length; ) {
    const size = frame.readUInt32LE(at);
    if (size === 0) break;
    const begin = at + 4;
    const end = begin + (size % IS_STORED);
    length += size >= IS_STORED ? end - begin : blockLength(frame.subarray(begin, end));
    if (length > maxBytes) return true;
    at = end + checksumBytes;
  }
  return false;
}

/** A block is a series of literals, each followed by a match, which repeats earlier bytes. The last has no match. */
function blockLength(block: Buffer): number {
  let at = 0;
  let length = 0;
  const read = (start: number) => {
    let sum = start;
    if (start < CONTINUED) return sum;
    for (let byte = 255; byte === 255; sum += byte) byte = block[at++] ?? 0;
    return sum;
  };
  while (at < block.length) {
    const token = block[at++] ?? 0;
    const literals = read(token >> 4);
    length += literals;
    at += literals;
    if (at >= block.length) break;
    // The distance of the match.
    at += 2;
    length += read(token & 15) + MIN_MATCH;
  }
  return length;
}
