import { createHash } from "node:crypto";
import { z } from "zod";
import type { Ctx } from "../ctx";

/** A key is remembered this long after its first request. */
export const KEEP_MS = 86_400_000;
const MAX_LENGTH = 256;
const PRINTABLE = /^[\x20-\x7e]+$/;

/** An idempotency key as a caller's field, without the quotes that the header may have. */
export const IdempotencyKey = z
  .string()
  .min(1, "must not be empty")
  .max(MAX_LENGTH, `must have at most ${MAX_LENGTH} characters`)
  .regex(PRINTABLE, "must be printable ASCII");

/** A request under a key: what identifies it, and what it asks for. */
export interface Keyed {
  /** Digest of caller, call and key: the name of what is kept. */
  name: string;
  /** Digest of the request, whatever the order of its fields. */
  fingerprint: string;
}

/**
 * The request under its idempotency key, or null without one. Keys of different callers, calls or targets have nothing
 * to do with each other.
 *
 * @param call the verb and, where it is about one thing, its id: `schedule.execute:<id>`
 */
export function keyedRequest(input: {
  ctx: Ctx;
  call: string;
  key: string | undefined;
  request: unknown;
}): Keyed | null {
  const { ctx, call, key, request } = input;
  if (key === undefined) return null;
  const caller = ctx.principal?.id ?? "";
  return { name: digest(JSON.stringify([caller, call, key])), fingerprint: digest(canonical(request)) };
}

/** 128 bits, in base64url. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
}

/** JSON with the fields of every object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
