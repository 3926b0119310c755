import type { Logger } from "pino";
import { AppError } from "~/server/domain/errors";
import type { Ctx } from "./ctx";

/** Logs a call that its caller had no right to make, so that probing with a valid account or key can be found. */
export function logRefusal(
  log: Logger,
  refused: { error: unknown; what: string; requestId: string; ctx: Pick<Ctx, "principal" | "address"> | null },
): void {
  const { error, what, requestId, ctx } = refused;
  if (!(error instanceof AppError) || error.code !== "forbidden") return;
  const { principal = null, address = null } = ctx ?? {};
  const caller = principal && { id: principal.id, via: principal.via };
  log.warn({ requestId, caller, address, call: what, reason: error.message }, "request refused");
}
