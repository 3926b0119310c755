import { z } from "zod";
import { isDataFault } from "~/server/domain/data-fault";
import type { DelayedFault } from "~/server/domain/delayed-message";
import type { Delivered } from "~/server/ports/bus";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { iso } from "../schedules/view";
import type { RefusedInput } from "./inputs";

/** As much of a message as is kept to be looked at; the whole of it is in the dead-letter topic. */
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

/** A message of the delayed topic that became no schedule, as the dashboard shows it. */
export interface RefusedMessage extends Omit<z.infer<typeof Refused>, "at"> {
  at: string;
}

/** Keeps a refused message for the dashboard, beside the dead-letter topic that has the whole of it. */
export async function noteRefused(deps: Deps, message: Delivered, fault: DelayedFault): Promise<void> {
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
  await deps.hot.append("r", JSON.stringify(document));
}

/** The newest refused messages, newest first. */
export async function refusedMessages(call: { ctx: Ctx; input: RefusedInput }): Promise<RefusedMessage[]> {
  requireRight(call.ctx, "read");
  const rows = await call.ctx.deps.store.refusedMessages(call.input.limit);
  return rows.flatMap((row) => {
    try {
      const { at, ...rest } = Refused.parse(JSON.parse(row.json));
      return [{ ...rest, at: iso(at) }];
    } catch (error) {
      // One that cannot be shown must not cost the others; the dead-letter topic has it.
      if (!isDataFault(error)) throw error;
      call.ctx.deps.log.warn({ err: error, key: row.key }, "a refused message cannot be shown");
      return [];
    }
  });
}
