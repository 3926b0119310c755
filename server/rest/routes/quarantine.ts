import {
  DecideQuarantinedInput,
  decideQuarantined,
  GetQuarantinedInput,
  getQuarantined,
  ListQuarantineInput,
  listQuarantine,
} from "~/server/services/quarantine";
import { type Incoming, methods, restRoute } from "../handler";

/** For an edited item as base64 or text. */
const MAX_DECISION_BYTES = 8 * 1024 * 1024;

const byId = ({ params }: Incoming) => ({ id: params.id });

/** `/admin/quarantine`: items that could not be processed and have no decision, newest first. */
export const quarantine = methods({
  GET: restRoute({
    right: "executions:read",
    noScope: true,
    input: ListQuarantineInput,
    run: async (call) => ({ body: await listQuarantine(call) }),
  }),
});

/** `/admin/quarantine/{id}`: one item with its bytes. */
export const quarantineItem = methods({
  GET: restRoute({
    right: "executions:read",
    noScope: true,
    input: GetQuarantinedInput,
    inputFrom: (incoming) => ({ ...incoming.query, ...byId(incoming) }),
    run: async (call) => ({ body: await getQuarantined(call) }),
  }),
});

/** `/admin/quarantine/{id}/decide`: discards an item or returns it, unchanged or edited. */
export const quarantineDecide = methods({
  POST: restRoute({
    right: "dead_letters:decide",
    noScope: true,
    input: DecideQuarantinedInput,
    maxBytes: MAX_DECISION_BYTES,
    inputFrom: (incoming) => ({ ...incoming.body, ...byId(incoming) }),
    run: async (call) => ({ body: await decideQuarantined(call) }),
  }),
});
