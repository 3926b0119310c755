import {
  ExecutionId,
  getExecution,
  ListExecutionsInput,
  listExecutions,
  ReplayInput,
  replayExecution,
} from "~/server/services/executions";
import { type Incoming, methods, restRoute } from "../handler";

const byId = ({ params }: Incoming) => ({ executionId: params.id });

/** `/admin/executions` */
export const executions = methods({
  GET: restRoute({
    right: "read",
    input: ListExecutionsInput,
    run: async (call) => ({ body: await listExecutions(call) }),
  }),
});

/** `/admin/executions/{id}` */
export const execution = methods({
  GET: restRoute({
    right: "read",
    input: ExecutionId,
    inputFrom: byId,
    run: async (call) => {
      const { payload, ...body } = await getExecution(call);
      return { body, payload };
    },
  }),
});

/** `/admin/executions/{id}/replay` */
export const executionReplay = methods({
  POST: restRoute({
    right: "write",
    idempotent: true,
    input: ReplayInput,
    inputFrom: byId,
    run: async (call) => {
      const answer = await replayExecution(call);
      return { status: 202, headers: { location: `/admin/executions/${answer.executionId}` }, body: answer };
    },
  }),
});
