import { createHash } from "node:crypto";
import { z } from "zod";

/** The kind determines how `retry` returns the item. */
export const QUARANTINE_KINDS = [
  "record",
  "instance",
  "outbox",
  "execution",
  "schedule",
  "document",
  "message",
] as const;
export type QuarantineKind = (typeof QUARANTINE_KINDS)[number];

/** The steps that quarantine items. Publishing quarantines none: an event that cannot be published ends dead. */
export const QUARANTINE_STEPS = [
  ...["claim", "put", "settle", "plan", "record", "consume", "promote", "rebuild", "watch"],
] as const;

/**
 * Lua writes bytes in hex, TypeScript in base64. `key` is an id, an occurrence key, an outbox kind, or the position of
 * a message (`topic/partition/offset`).
 */
const Stored = z.object({
  id: z.string(),
  at: z.number(),
  step: z.string(),
  kind: z.enum(QUARANTINE_KINDS),
  shard: z.number().nullable().default(null),
  key: z.string().optional(),
  keyHex: z.string().optional(),
  reason: z.string(),
  hex: z.string().optional(),
  base64: z.string().optional(),
});

/** An item without its bytes. `at` is epoch ms. */
export interface Quarantined {
  id: string;
  at: number;
  step: string;
  kind: QuarantineKind;
  shard: number | null;
  key: string;
  reason: string;
}

export interface NewQuarantined {
  step: string;
  kind: QuarantineKind;
  shard: number | null;
  key: string;
  reason: string;
  bytes: Uint8Array | string;
}

/** The same bytes under the same kind and key always get the same id. */
export function quarantineDocument(item: NewQuarantined, nowMs: number): { id: string; json: string } {
  const { bytes, ...rest } = item;
  const buffer = Buffer.from(bytes as Uint8Array);
  const digest = createHash("sha1").update(`${item.kind}|${item.key}|`).update(buffer).digest("hex");
  const id = asUuid(digest);
  return { id, json: JSON.stringify({ id, at: nowMs, ...rest, base64: buffer.toString("base64") }) };
}

/** Returns a UUID of version 8 (RFC 9562, 5.8), like lua/includes/quarantine.lua. */
function asUuid(digest: string): string {
  const part = (from: number, to: number) => digest.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-8${part(13, 16)}-8${part(17, 20)}-${part(20, 32)}`;
}

/** Parses a stored item. Throws if the document has another format. */
export function readQuarantined(json: string): Quarantined & { bytes: Buffer } {
  const { hex, base64, key, keyHex, ...rest } = Stored.parse(JSON.parse(json));
  const bytes = hex === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(hex, "hex");
  return { ...rest, key: key ?? Buffer.from(keyHex ?? "", "hex").toString("utf8"), bytes };
}
