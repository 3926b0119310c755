import { fieldError } from "~/server/domain/errors";
import type { Ctx } from "~/server/services/ctx";
import { keyedRequest } from "~/server/services/idempotency";

/* A confirmation shows that the caller made a dry run of the same definition. It is a digest, not a secret. */

const VALID_MS = 3_600_000;
const CONFIRMATION = /^([0-9a-z]{6,10})\.[\w-]{22}\.[\w-]{22}$/;

/** The confirmation of a dry run at `atMs`. */
function confirmationOf(ctx: Ctx, definition: object, atMs: number): string {
  const at = atMs.toString(36);
  const { name, fingerprint } = keyedRequest({ ctx, call: "mcp.create_schedule", key: at, request: definition }) ?? {};
  return [at, name, fingerprint].join(".");
}

/** The confirmation of a dry run at this moment, and when it expires (epoch ms). */
export function newConfirmation(ctx: Ctx, definition: object): { confirmation: string; expiresAtMs: number } {
  const nowMs = ctx.deps.clock.now();
  return { confirmation: confirmationOf(ctx, definition, nowMs), expiresAtMs: nowMs + VALID_MS };
}

/** Throws `validation_failed` unless the caller made a dry run of this definition within the last hour. */
export function requireConfirmation(ctx: Ctx, definition: object, confirmation: string | undefined): string {
  const fault = faultOf(ctx, definition, confirmation);
  if (fault === null) return confirmation as string;
  throw fieldError("validation_failed", {
    field: "confirmation",
    message: fault,
    expected: "the confirmation that a dry run of the same definition has returned within the last hour",
  });
}

function faultOf(ctx: Ctx, definition: object, confirmation: string | undefined): string | null {
  if (confirmation === undefined) return "is missing";
  const at = CONFIRMATION.exec(confirmation)?.[1];
  if (at === undefined) return "is not the confirmation of a dry run";
  const atMs = Number.parseInt(at, 36);
  if (ctx.deps.clock.now() - atMs > VALID_MS) return "has expired";
  if (confirmationOf(ctx, definition, atMs) !== confirmation) return "belongs to another definition or caller";
  return null;
}
