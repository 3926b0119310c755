import type { ZoneRules } from "~/server/domain/recurrence/zone-rules";
import { parsePosixTz } from "./posix-tz";

const HEADER_BYTES = 44;
/** Size of the record of a local time type: offset, summer-time flag, abbreviation. */
const TYPE_BYTES = 6;
const NEWLINE = 0x0a;

interface Header {
  version: number;
  utIndicators: number;
  standardIndicators: number;
  leapSeconds: number;
  changes: number;
  types: number;
  nameBytes: number;
}

/**
 * Reads a compiled zone (RFC 9636), version 2 or later: version 1 ends in 2038. Throws an Error that describes the
 * fault.
 */
export function parseTzif(bytes: Buffer): ZoneRules {
  const first = headerAt(bytes, 0);
  if (first.version < 2) throw new Error(`TZif version ${first.version} is too old: version 2 or later is needed`);
  // The first block repeats the data in 32 bits.
  const start = HEADER_BYTES + blockBytes(first, 4);
  const header = headerAt(bytes, start);
  const changesAt = start + HEADER_BYTES;
  const indexesAt = changesAt + 8 * header.changes;
  const typesAt = indexesAt + header.changes;
  const end = changesAt + blockBytes(header, 8);
  if (header.types === 0 || bytes.length < end) throw new Error("the file is truncated or has no local time type");
  if (header.leapSeconds > 0)
    throw new Error("the file counts leap seconds, as those in right/ do, but epoch time does not");
  const offsetOf = (type: number) => {
    if (type >= header.types) throw new Error(`there is no local time type ${type}`);
    return bytes.readInt32BE(typesAt + TYPE_BYTES * type) * 1000;
  };
  const firstOffsetMs = offsetOf(0);
  const changesMs: number[] = [];
  const offsetsMs: number[] = [];
  let before = firstOffsetMs;
  for (let i = 0; i < header.changes; i++) {
    const atMs = Number(bytes.readBigInt64BE(changesAt + 8 * i)) * 1000;
    const offset = offsetOf(bytes.readUInt8(indexesAt + i));
    // Many changes affect only the abbreviation or the summer-time flag.
    if (offset !== before) {
      changesMs.push(atMs);
      offsetsMs.push(offset);
    }
    before = offset;
  }
  return { firstOffsetMs, changesMs, offsetsMs, rule: footer(bytes, end)?.rule ?? null };
}

/** The rule after the last listed change. `end`: where the second block ends. */
function footer(bytes: Buffer, end: number): ReturnType<typeof parsePosixTz> {
  const last = bytes.indexOf(NEWLINE, end + 1);
  if (bytes[end] !== NEWLINE || last === -1) throw new Error("the footer is missing");
  const text = bytes.toString("latin1", end + 1, last);
  const parsed = parsePosixTz(text);
  if (parsed === null && text !== "") throw new Error(`the footer "${text}" is not a POSIX TZ text`);
  return parsed;
}

function headerAt(bytes: Buffer, at: number): Header {
  if (bytes.length < at + HEADER_BYTES || bytes.toString("latin1", at, at + 4) !== "TZif") {
    throw new Error("not a TZif file");
  }
  const counts = Array.from({ length: 6 }, (_, i) => bytes.readUInt32BE(at + 20 + 4 * i));
  const [utIndicators = 0, standardIndicators = 0, leapSeconds = 0, changes = 0, types = 0, nameBytes = 0] = counts;
  const version = Number(String.fromCharCode(bytes[at + 4] as number)) || 1;
  return { version, utIndicators, standardIndicators, leapSeconds, changes, types, nameBytes };
}

/** The length of a data block. `timeBytes`: size of a time in the block. */
function blockBytes(header: Header, timeBytes: 4 | 8): number {
  return (
    header.changes * (timeBytes + 1) +
    header.types * TYPE_BYTES +
    header.nameBytes +
    header.leapSeconds * (timeBytes + 4) +
    header.standardIndicators +
    header.utIndicators
  );
}
