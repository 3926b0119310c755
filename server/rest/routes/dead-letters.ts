import { DecideInput, decideDeadLetters, RefusedInput, refusedMessages } from "~/server/services/dead-letters";
import { methods, restRoute } from "../handler";

/** `/admin/dead-letters/decide`: 200 with what it would touch for `dry_run`, else 202 with the bulk job. */
export const deadLettersDecide = methods({
  POST: restRoute({
    right: "write",
    idempotent: true,
    takesLong: true,
    input: DecideInput,
    run: async (call) => {
      const answer = await decideDeadLetters(call);
      if (!("jobId" in answer)) return { body: answer };
      return { status: 202, headers: { location: `/admin/schedules/bulk/${answer.jobId}` }, body: answer };
    },
  }),
});

/** `/admin/dead-letters/refused`: messages of the delayed topic that became no schedule. */
export const deadLettersRefused = methods({
  GET: restRoute({
    right: "read",
    input: RefusedInput,
    run: async (call) => ({ body: { items: await refusedMessages(call) } }),
  }),
});
