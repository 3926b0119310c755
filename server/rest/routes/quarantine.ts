import {
  DecideQuarantinedInput,
  decideQuarantined,
  GetQuarantinedInput,
  getQuarantined,
  ListQuarantineInput,
  listQuarantine,
} from "~/server/services/quarantine";
import { type Incoming, methods, restRoute } from "../handler";

/** An edited item, as base64 or as text. */
const MAX_DECISION_BYTES = 8 * 1024 * 1024;

const byId = ({ params }: Incoming) => ({ id: params.id });

/** `/admin/quarantine`: what could not be processed and waits for a decision, newest first. */
export const quarantine = methods({
  GET: restRoute({
    right: "read",
    input: ListQuarantineInput,
    run: async (call) => ({ body: await listQuarantine(call) }),
  }),
});

/** `/admin/quarantine/{id}`: one item with its bytes. */
export const quarantineItem = methods({
  GET: restRoute({
    right: "read",
    input: GetQuarantinedInput,
    from: byId,
    run: async (call) => ({ body: await getQuarantined(call) }),
  }),
});

/** `/admin/quarantine/{id}/decide`: discard it, or give it back as it is or edited. */
export const quarantineDecide = methods({
  POST: restRoute({
    right: "write",
    input: DecideQuarantinedInput,
    maxBytes: MAX_DECISION_BYTES,
    from: (incoming) => ({ ...incoming.body, ...byId(incoming) }),
    run: async (call) => ({ body: await decideQuarantined(call) }),
  }),
});
