import { AppError } from "~/server/domain/errors";
import type { KeyedRequest } from "./key";

/** The value of a key is a final answer, or the claim of a request that has no final answer yet. */
export interface StoredAnswer {
  /** When the claim expires, epoch ms; null if `body` is the answer. */
  untilMs: number | null;
  body: unknown;
}

/** Encodes a value in the format that `lua/answer_begin.lua` reads. */
export function encodeAnswer(keyed: KeyedRequest, { untilMs, body }: StoredAnswer): string {
  return `${keyed.fingerprint}|${untilMs ?? ""}|${JSON.stringify(body)}`;
}

/**
 * Decodes a key's value for this request. An expired claim has `untilMs`, and this request may take it over. Throws
 * `idempotency_key_reused`, `idempotency_in_progress`.
 */
export function decodeAnswer(keyed: KeyedRequest, value: string, nowMs: number): StoredAnswer {
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
      "The first request with this Idempotency-Key is still in progress. Try again in a moment.",
    );
  }
  return { untilMs, body: JSON.parse(value.slice(fingerprint.length + until.length + 2)) };
}
