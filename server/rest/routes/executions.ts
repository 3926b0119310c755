import {
  ExportExecutionsInput,
  ExportFailuresInput,
  ExportInFlightInput,
  exportExecutions,
  exportFailures,
  exportInFlight,
  FailureGroupsInput,
  failureGroups,
  GetExecutionInput,
  getExecution,
  ListExecutionsInput,
  ListInFlightInput,
  listExecutions,
  listInFlight,
  ReplayInput,
  replayExecution,
} from "~/server/services/executions";
import { exportAnswer } from "../export-answer";
import { type Incoming, methods, restRoute } from "../handler";

const byId = ({ params }: Incoming) => ({ executionId: params.id });

/** `/admin/executions` */
export const executions = methods({
  GET: restRoute({
    right: "executions:read",
    input: ListExecutionsInput,
    run: async (call) => ({ body: await listExecutions(call) }),
  }),
});

/** `/admin/executions/export` */
export const executionsExport = methods({
  GET: restRoute({
    right: "executions:read",
    input: ExportExecutionsInput,
    takesLong: true,
    run: async (call) => exportAnswer("executions", call.input, exportExecutions(call)),
  }),
});

/** `/admin/executions/failures`: dead executions, grouped by error class and error shape. */
export const executionFailures = methods({
  GET: restRoute({
    right: "executions:read",
    input: FailureGroupsInput,
    run: async (call) => ({ body: await failureGroups(call) }),
  }),
});

/** `/admin/executions/failures/export` */
export const failuresExport = methods({
  GET: restRoute({
    right: "executions:read",
    input: ExportFailuresInput,
    takesLong: true,
    run: async (call) => exportAnswer("errors", call.input, exportFailures(call)),
  }),
});

/** `/admin/executions/in-flight`: executions that have not ended. */
export const executionsInFlight = methods({
  GET: restRoute({
    right: "executions:read",
    input: ListInFlightInput,
    run: async (call) => ({ body: await listInFlight(call) }),
  }),
});

/** `/admin/executions/in-flight/export` */
export const inFlightExport = methods({
  GET: restRoute({
    right: "executions:read",
    input: ExportInFlightInput,
    takesLong: true,
    run: async (call) => exportAnswer("executions-in-flight", call.input, exportInFlight(call)),
  }),
});

/** `/admin/executions/{id}` */
export const execution = methods({
  GET: restRoute({
    right: "executions:read",
    input: GetExecutionInput,
    inputFrom: (incoming) => ({ ...incoming.query, ...byId(incoming) }),
    run: async (call) => {
      const { payload, ...body } = await getExecution(call);
      return { body, payload };
    },
  }),
});

/** `/admin/executions/{id}/replay` */
export const executionReplay = methods({
  POST: restRoute({
    right: "executions:replay",
    idempotent: true,
    input: ReplayInput,
    inputFrom: ({ params, body }) => ({ ...body, executionId: params.id }),
    keepsJsonText: true,
    run: async (call) => {
      const answer = await replayExecution(call);
      return { status: 202, headers: { location: `/admin/executions/${answer.executionId}` }, body: answer };
    },
  }),
});
