import { AppError } from "~/server/domain/errors";
import type { Keyed } from "./key";

/** What is kept for a key: the answer, or the claim of a request that has not ended. */
export interface Kept {
  /** Epoch ms at which the claim runs out; null: `body` is the answer. */
  untilMs: number | null;
  body: unknown;
}

/** As `lua/answer_begin.lua` reads it. */
export function encodeAnswer(keyed: Keyed, { untilMs, body }: Kept): string {
  return `${keyed.fingerprint}|${untilMs ?? ""}|${JSON.stringify(body)}`;
}

/**
 * What a key is worth to this request. A claim that has run out comes back with its `untilMs`: its request died, and
 * this one may go on. Throws `idempotency_key_reused`, `idempotency_in_progress`.
 */
export function decodeAnswer(keyed: Keyed, value: string, nowMs: number): Kept {
  const [fingerprint = "", until = ""] = value.split("|", 2);
  if (fingerprint !== keyed.fingerprint) {
    throw new AppError(
      "idempotency_key_reused",
      "This Idempotency-Key was used for another request. Use a new key for a new request.",
    );
  }
  const untilMs = until === "" ? null : Number(until);
  if (untilMs !== null && untilMs > nowMs) {
    throw new AppError(
      "idempotency_in_progress",
      "The first request with this Idempotency-Key has not ended yet. Send it again in a moment.",
    );
  }
  return { untilMs, body: JSON.parse(value.slice(fingerprint.length + until.length + 2)) };
}
