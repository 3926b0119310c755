import { z } from "zod";
import { isDataFault } from "~/server/domain/data-fault";
import type { DelayedFault } from "~/server/domain/delayed-message";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Delivered } from "~/server/ports/bus";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { iso } from "../schedules/view";
import type { RefusedInput } from "./inputs";

/** Bytes of a message that are stored for display. The dead-letter topic has the whole message. */
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

/** A refused message of the delayed topic, as the dashboard shows it. */
export interface RefusedMessage extends Omit<z.infer<typeof Refused>, "at"> {
  at: string;
}

/** Stores a refused message for the dashboard; the dead-letter topic has the whole message. */
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
    value: (message.value ?? Buffer.alloc(0)).subarray(0, SHOWN_BYTES).toString("utf8"),
  };
  await deps.hot.append(DOCUMENT_KIND.refusedMessage, JSON.stringify(document));
}

/** Returns the refused messages, newest first. */
export async function refusedMessages(call: { ctx: Ctx; input: RefusedInput }): Promise<RefusedMessage[]> {
  requireRight(call.ctx, "executions:read");
  const rows = await call.ctx.deps.store.refusedMessages(call.input.limit);
  return rows.flatMap((row) => {
    try {
      const { at, ...rest } = Refused.parse(JSON.parse(row.json));
      return [{ ...rest, at: iso(at) }];
    } catch (error) {
      // Skip an unreadable row rather than fail the list; the dead-letter topic has the message.
      if (!isDataFault(error)) throw error;
      call.ctx.deps.log.warn({ err: error, key: row.key }, "could not read a refused message");
      return [];
    }
  });
}
