import { createHash } from "node:crypto";
import { z } from "zod";
import type { Ctx } from "../ctx";

/** How long a key and its answer are kept, ms. */
export const KEY_RETENTION_MS = 86_400_000;
const MAX_LENGTH = 256;
const PRINTABLE = /^[\x20-\x7e]+$/;

/** Without the quotes that the header may have. */
export const IdempotencyKey = z
  .string()
  .min(1, "must not be empty")
  .max(MAX_LENGTH, `must have at most ${MAX_LENGTH} characters`)
  .regex(PRINTABLE, "must be printable ASCII");

/** A shorter key is probably not random and could be guessed. */
const MIN_SECRET_LENGTH = 32;

/**
 * The idempotency key of a request whose answer has a secret. A repeat of the key returns the secret, so the key must
 * not be guessable.
 */
export const SecretIdempotencyKey = IdempotencyKey.min(
  MIN_SECRET_LENGTH,
  `must have at least ${MIN_SECRET_LENGTH} characters, because a repeat returns the secret`,
);

export interface KeyedRequest {
  /** Digest of caller, scope, call and key. Identifies the stored value. */
  name: string;
  /** Digest of the request, independent of the order of its fields. */
  fingerprint: string;
}

/**
 * Returns null without a key. Each caller, call and target has its own keys.
 *
 * @param call the operation and, if it has one target, the id of the target: `schedule.execute:<id>`
 */
export function keyedRequest(input: {
  ctx: Ctx;
  call: string;
  key: string | undefined;
  request: unknown;
}): KeyedRequest | null {
  const { ctx, call, key, request } = input;
  if (key === undefined) return null;
  // After a change of its scope, a caller does not get the answers from before.
  const { id: caller = "", scope = [] } = ctx.principal ?? {};
  return { name: digest(JSON.stringify([caller, call, key, ...scope])), fingerprint: digest(canonical(request)) };
}

/** 128 bits, in base64url. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
}

/** JSON with the fields of every object sorted. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
