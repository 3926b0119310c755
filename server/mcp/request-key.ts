import { createHash } from "node:crypto";
import { fieldError } from "~/server/domain/errors";
import type { Session } from "./session";

/**
 * Identifies a request of a session: a repeat of the same message has the same key. Null without a session.
 *
 * @param argumentsText the arguments as they were sent
 */
export function requestKey(
  session: Session | null,
  request: { id: string | number; tool: string; argumentsText: string },
): string | null {
  if (session === null) return null;
  const { id, tool, argumentsText } = request;
  const text = JSON.stringify([session.nonce, id, tool, argumentsText]);
  return `mcp-${createHash("sha256").update(text).digest("base64url")}`;
}

/** The caller's idempotency key, otherwise the request's. Throws `validation_failed` without both. */
export function idempotencyKeyOf(call: { input: { idempotencyKey?: string }; requestKey: string | null }): string {
  const key = call.input.idempotencyKey ?? call.requestKey;
  if (key !== null) return key;
  throw fieldError("validation_failed", {
    field: "idempotency_key",
    message: "is missing, and this request is not part of a session",
    expected: "a new text for each intended change, the same for its repeats; or the header Mcp-Session-Id",
  });
}
