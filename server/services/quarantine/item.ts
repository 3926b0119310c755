import { createHash } from "node:crypto";
import { z } from "zod";

/** The kind of an item. It decides how `retry` returns the item. */
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

/** The steps that quarantine items. A metric counts the items of each step. */
export const QUARANTINE_STEPS = [
  ...["claim", "put", "settle", "plan", "publish", "record", "consume", "promote", "rebuild", "watch"],
] as const;

/**
 * The stored form. Lua writes bytes in hex, TypeScript in base64. `key`: an id, an occurrence key, or an outbox kind.
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

/** An item to quarantine. */
export interface NewQuarantined {
  step: string;
  kind: QuarantineKind;
  shard: number | null;
  key: string;
  reason: string;
  bytes: Uint8Array | string;
}

/** Encodes an item for the outbox or the store. The same bytes under the same key always give the same item. */
export function quarantineDocument(item: NewQuarantined, nowMs: number): { id: string; json: string } {
  const { bytes, ...rest } = item;
  const buffer = Buffer.from(bytes as Uint8Array);
  const digest = createHash("sha1").update(`${item.kind}|${item.key}|`).update(buffer).digest("hex");
  const id = asUuid(digest);
  return { id, json: JSON.stringify({ id, at: nowMs, ...rest, base64: buffer.toString("base64") }) };
}

/** A UUID of version 8 (RFC 9562, 5.8: application-defined), built as in lua/includes/quarantine.lua. */
function asUuid(digest: string): string {
  const part = (from: number, to: number) => digest.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-8${part(13, 16)}-8${part(17, 20)}-${part(20, 32)}`;
}

/** Parses a stored item. Throws if the document has another form. */
export function readQuarantined(json: string): Quarantined & { bytes: Buffer } {
  const { hex, base64, key, keyHex, ...rest } = Stored.parse(JSON.parse(json));
  const bytes = hex === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(hex, "hex");
  return { ...rest, key: key ?? Buffer.from(keyHex ?? "", "hex").toString("utf8"), bytes };
}
