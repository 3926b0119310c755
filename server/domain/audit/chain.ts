// biome-ignore lint/style/noRestrictedImports: SHA-256 is a pure function, and Node's is the fastest.
import { hash } from "node:crypto";

/*
 * The hash chain of the audit trail (docs/adr/0020). Each shard has a chain, which its recorder writes. The hash of an
 * entry is SHA-256 of the previous hash, as hex, followed by the canonical JSON of the entry.
 */

/** The place of an entry in its chain: a sequence number from 1, and the hash as 64 hex digits. */
export interface ChainLink {
  seq: number;
  hash: string;
}

/** The link before the first entry. */
export const CHAIN_START: ChainLink = { seq: 0, hash: "0".repeat(64) };

/** The link of an entry that follows `previous`. Throws SyntaxError for text that is not JSON. */
export function nextLink(previous: ChainLink, json: string): ChainLink {
  return { seq: previous.seq + 1, hash: hash("sha256", previous.hash + canonicalJson(json), "hex") };
}

/** JSON text in the canonical form of RFC 8785: no blanks, and the members of each object sorted by name. */
export function canonicalJson(json: string): string {
  return canonical(JSON.parse(json));
}

function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const object = value as Record<string, unknown>;
  const members = Object.keys(object).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`).join(",")}}`;
}

/** The link with the higher sequence number. Null stands for an unknown link. */
export function newerLink(a: ChainLink | null, b: ChainLink | null): ChainLink | null {
  if (a === null || b === null) return a ?? b;
  return a.seq >= b.seq ? a : b;
}

/** A link as Redis stores it, such as `12:ab…`. */
export const linkText = ({ seq, hash: hex }: ChainLink) => `${seq}:${hex}`;

/** Parses the result of `linkText`. Null for any other text. */
export function readLink(text: string | null): ChainLink | null {
  const [, seq, hex] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text ?? "") ?? [];
  return seq === undefined || hex === undefined ? null : { seq: Number(seq), hash: hex };
}

export interface ChainedEntry extends ChainLink {
  entryId: string;
  json: string;
  /** Whether the columns that filters use have the values of the JSON. */
  columnsAgree: boolean;
}

/** The first place at which a chain is broken. */
export interface ChainFault {
  /** `missing`: entries were removed. `changed`: an entry was edited. `inserted`: an entry was added later. */
  kind: "missing" | "changed" | "inserted";
  /** The chain's number, which is that of its shard; null for entries outside of the chains. */
  chain: number | null;
  /** The first and the last sequence number at fault; null for entries outside of the chains. */
  fromSeq: number | null;
  toSeq: number | null;
  entryId: string | null;
}

/**
 * Checks rows, in the order of their sequence numbers, against the chain after the link `from`.
 * @returns the last good link, and the first fault
 */
export function followChain(
  chain: number,
  from: ChainLink,
  rows: readonly ChainedEntry[],
): { link: ChainLink; fault: ChainFault | null } {
  let link = from;
  for (const row of rows) {
    const at = (kind: ChainFault["kind"], fromSeq: number, toSeq: number) => {
      const entryId = kind === "missing" ? null : row.entryId;
      return { link, fault: { kind, chain, fromSeq, toSeq, entryId } };
    };
    if (row.seq <= link.seq) return at("inserted", row.seq, row.seq);
    if (row.seq > link.seq + 1) return at("missing", link.seq + 1, row.seq - 1);
    if (!row.columnsAgree || hashAfter(link, row.json) !== row.hash) return at("changed", row.seq, row.seq);
    link = { seq: row.seq, hash: row.hash };
  }
  return { link, fault: null };
}

/** The hash of an entry after a link; null for text that is not JSON. */
function hashAfter(link: ChainLink, json: string): string | null {
  try {
    return nextLink(link, json).hash;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
