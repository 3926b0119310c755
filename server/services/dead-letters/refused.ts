import { z } from "zod";
import { isDataFault, withoutSnippet } from "~/server/domain/data-fault";
import type { DelayedFault } from "~/server/domain/delayed-message";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import type { Delivered } from "~/server/ports/bus";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { reveal, shownContent } from "../protection/content";
import { sealUnknown } from "../protection/seal";
import { iso } from "../schedules/view";
import { requireNoScope } from "../scope";
import { MAX_REFUSED, type RefusedInput } from "./inputs";

/** Bytes of a value that are stored for display. The dead-letter topic has the whole value, if the bus accepts it. */
const SHOWN_BYTES = 4000;

const Refused = z.object({
  id: z.string(),
  at: z.number(),
  topic: z.string(),
  partition: z.string(),
  offset: z.string(),
  code: z.string(),
  reason: z.string(),
  field: z.string(),
  value: z.string(),
});

export interface RefusedMessage extends Omit<z.infer<typeof Refused>, "at"> {
  at: string;
  /** The paths of masked values; `$` for the whole value. */
  masked: string[];
}

/** Stores a refused message for lists. */
export async function storeRefused(deps: Deps, message: Delivered, fault: DelayedFault): Promise<void> {
  const { topic, partition, offset } = message;
  const document = {
    id: `${topic}/${partition}/${offset}`,
    at: message.timestampMs,
    topic,
    partition,
    offset,
    code: fault.code,
    reason: fault.reason,
    field: fault.field,
    value: await sealUnknown(deps, (message.value ?? Buffer.alloc(0)).subarray(0, SHOWN_BYTES).toString("utf8")),
  };
  await deps.hot.append(DOCUMENT_KIND.refusedMessage, JSON.stringify(document));
}

/**
 * Returns the refused messages, newest first, or the one with `id`. Throws `forbidden` for a caller with a scope and
 * for `reveal` without the right, and `not_found` if none of the newest `MAX_REFUSED` messages has the id.
 */
export async function refusedMessages(call: { ctx: Ctx; input: RefusedInput }): Promise<RefusedMessage[]> {
  const { ctx, input } = call;
  requireRight(ctx, "executions:read");
  requireNoScope(ctx);
  const { id } = input;
  const how = await reveal(ctx, input.reveal, { action: "refused_message.reveal", target: id ?? "refused" });
  const rows = await ctx.deps.store.refusedMessages(id === undefined ? input.limit : MAX_REFUSED);
  const readable = rows.flatMap((row) => {
    try {
      const { at, reason, ...rest } = Refused.parse(JSON.parse(row.json));
      return [{ ...rest, reason: withoutSnippet(reason), at: iso(at) }];
    } catch (error) {
      // Skip an unreadable row, so that it does not fail the list.
      if (!isDataFault(error)) throw error;
      ctx.deps.log.warn({ err: error, key: row.key }, "could not read a refused message");
      return [];
    }
  });
  const messages = id === undefined ? readable : readable.filter((message) => message.id === id);
  if (id !== undefined && messages.length === 0)
    throw new AppError("not_found", `None of the newest ${MAX_REFUSED} refused messages has the id ${id}.`);
  return Promise.all(
    messages.map(async (message) => {
      // All rules apply, because the original topic may be unknown. A value that was cut is masked as a whole.
      const content = { topic: null, payload: message.value, headers: {} };
      const { payload, masked } = await shownContent(ctx.deps, content, how);
      return { ...message, value: payload, masked };
    }),
  );
}
