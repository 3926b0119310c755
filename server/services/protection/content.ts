import type { AuditVerb } from "~/server/domain/audit/verbs";
import { type MessageHeaders, readableHeaders } from "~/server/domain/message-headers";
import { type Content, type MaskedContent, maskContent } from "~/server/domain/protection/mask";
import { MASK } from "~/server/domain/protection/mask-text";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight, rightsOf } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { openContent, UnreadableContent } from "./seal";

/** Whether protected values are shown. Only `reveal` sets this to true, so that each showing has an audit entry. */
export interface Reveal {
  readonly isRevealed: boolean;
}
export const MASKED: Reveal = { isRevealed: false };

/**
 * Allows one answer to show protected values, after writing an audit entry. Without `wanted`, values are masked even
 * for a caller with the right.
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

/** Whether the caller may see protected values. */
export function mayReveal({ principal }: Pick<Ctx, "principal">): boolean {
  return principal !== null && rightsOf(principal).includes("payloads:read");
}

/** Whether headers that a caller sent differ from shown headers with masks, so that they may guess masked values. */
export function guessesHeaders(
  given: MessageHeaders | undefined,
  shown: Pick<Content, "headers">,
  plain: Pick<Content, "headers">,
): boolean {
  const text = (headers: MessageHeaders) => JSON.stringify(readableHeaders(headers));
  const isMasked = text(shown.headers) !== text(plain.headers);
  return isMasked && given !== undefined && text(given) !== text(shown.headers);
}

/**
 * Content of a topic as callers see it. `topic`: null if it is not known; all rules apply then. Content that cannot be
 * decrypted is masked as a whole.
 * @throws AppError `conflict` if such content is to be revealed
 */
export async function shownContent(
  deps: Pick<Deps, "protection" | "env">,
  content: Content & { topic: string | null },
  { isRevealed }: Reveal,
): Promise<MaskedContent> {
  const { topic, payload, headers } = content;
  try {
    const opened = await openContent(deps, topic, { payload, headers });
    return maskContent(isRevealed ? null : deps.protection.of(topic), opened);
  } catch (error) {
    if (!(error instanceof UnreadableContent) || isRevealed) throw error;
    return { payload: JSON.stringify(MASK), headers: {}, masked: ["$"] };
  }
}

/** A view, without its content if its topic is encrypted: for an answer that Redis keeps under an idempotency key. */
export function withoutSealed(deps: Pick<Deps, "protection">, view: ScheduleView): ScheduleView {
  if (!deps.protection.encrypts(view.topic)) return view;
  return { ...view, payload: JSON.stringify(MASK), headers: {}, headerList: null, masked: ["$"] };
}
