import type { AuditVerb } from "~/server/domain/audit/verbs";
import { type Content, type MaskedContent, maskContent } from "~/server/domain/protection/mask";
import { requireRight, rightsOf } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";

/** Whether protected values are shown. Only `reveal` makes one, so that no value is shown without an audit entry. */
export interface Reveal {
  readonly isRevealed: boolean;
}
export const MASKED: Reveal = { isRevealed: false };

/**
 * Allows one answer to show protected values, and writes the audit entry of that first: what is not on record is not
 * shown. Without `wanted` the answer has masks, also for a caller with the right.
 * @throws AppError `forbidden` without the right `payloads:read`
 */
export async function reveal(
  ctx: Ctx,
  wanted: boolean | undefined,
  entry: { action: AuditVerb; target: string; targetName?: string | null; after?: object },
): Promise<Reveal> {
  if (!wanted) return MASKED;
  requireRight(ctx, "payloads:read");
  await writeAudit(ctx, entry);
  return { isRevealed: true };
}

/** Whether the caller may make protected values readable. */
export function mayReveal({ principal }: Pick<Ctx, "principal">): boolean {
  return principal !== null && rightsOf(principal).includes("payloads:read");
}

/** Content of a topic as callers see it. `topic`: null if it is not known; all rules apply then. */
export async function shownContent(
  deps: Pick<Deps, "protection">,
  content: Content & { topic: string | null },
  { isRevealed }: Reveal,
): Promise<MaskedContent> {
  const { topic, payload, headers } = content;
  return maskContent(isRevealed ? null : deps.protection.of(topic), { payload, headers });
}
