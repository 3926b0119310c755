import { DecideInput, decideDeadLetters, RefusedInput, refusedMessages } from "~/server/services/dead-letters";
import { methods, restRoute } from "../handler";

/** `/admin/dead-letters/decide`: 200 with a preview for `dry_run`, otherwise 202 with the bulk job. */
export const deadLettersDecide = methods({
  POST: restRoute({
    right: "dead_letters:decide",
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

/** `/admin/dead-letters/refused`: messages of the delayed topic that did not become a schedule. */
export const deadLettersRefused = methods({
  GET: restRoute({
    right: "executions:read",
    noScope: true,
    input: RefusedInput,
    run: async (call) => ({ body: { items: await refusedMessages(call) } }),
  }),
});
