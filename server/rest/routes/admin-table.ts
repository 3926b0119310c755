import { AppError } from "~/server/domain/errors";
import { methods, NoInput, type RouteHandler, type RouteMethods, restRoute } from "../handler";
import { bulk, bulkAbort, bulkJob, bulkUndo } from "./bulk";
import { deadLettersDecide, deadLettersRefused } from "./dead-letters";
import { execution, executionReplay, executions } from "./executions";
import { quarantine, quarantineDecide, quarantineItem } from "./quarantine";
import {
  schedule,
  scheduleExecute,
  scheduleExecutions,
  scheduleExplain,
  scheduleMissed,
  scheduleOccurrences,
  schedules,
  schedulesBatch,
  schedulesPreview,
  scheduleToggle,
} from "./schedules";

/** The routes under `/admin` and the alias `/api/v1/admin`. Literal segments come before `{id}`. */
export const ADMIN_ROUTES: readonly (readonly [path: string, route: RouteMethods])[] = [
  ["schedules", schedules],
  ["schedules/batch", schedulesBatch],
  ["schedules/preview", schedulesPreview],
  ["schedules/bulk", bulk],
  ["schedules/bulk/{id}", bulkJob],
  ["schedules/bulk/{id}/abort", bulkAbort],
  ["schedules/bulk/{id}/undo", bulkUndo],
  ["schedules/{id}", schedule],
  ["schedules/{id}/executions", scheduleExecutions],
  ["schedules/{id}/execute", scheduleExecute],
  ["schedules/{id}/toggle", scheduleToggle],
  ["schedules/{id}/occurrences", scheduleOccurrences],
  ["schedules/{id}/missed", scheduleMissed],
  ["schedules/{id}/explain", scheduleExplain],
  ["dead-letters/decide", deadLettersDecide],
  ["dead-letters/refused", deadLettersRefused],
  ["quarantine", quarantine],
  ["quarantine/{id}", quarantineItem],
  ["quarantine/{id}/decide", quarantineDecide],
  ["executions", executions],
  ["executions/{id}", execution],
  ["executions/{id}/replay", executionReplay],
];

const unknownAddress = restRoute({
  right: "read",
  input: NoInput,
  inputFrom: () => ({}),
  run: async () => {
    throw new AppError("not_found", "There is no resource at this address.");
  },
});

/** Answers unknown addresses with problem details instead of a page. */
export const notFound = methods({
  GET: unknownAddress,
  POST: unknownAddress,
  PUT: unknownAddress,
  PATCH: unknownAddress,
  DELETE: unknownAddress,
});

function find(parts: readonly string[]): { route: RouteMethods; id: string | undefined } {
  for (const [path, route] of ADMIN_ROUTES) {
    const pattern = path.split("/");
    if (pattern.length !== parts.length) continue;
    if (!pattern.every((part, i) => part === "{id}" || part === parts[i])) continue;
    return { route, id: parts[pattern.indexOf("{id}")] };
  }
  return { route: notFound, id: undefined };
}

/** `/api/v1/admin/[...path]`: the same calls as under `/admin`. */
function alias(method: keyof RouteMethods): RouteHandler {
  return async (request, next) => {
    const { path = [] } = await next.params;
    const { route, id } = find([path].flat());
    const params: Record<string, string> = id === undefined ? {} : { id };
    return route[method](request, { params: Promise.resolve(params) });
  };
}

export const adminAlias = {
  GET: alias("GET"),
  POST: alias("POST"),
  PUT: alias("PUT"),
  PATCH: alias("PATCH"),
  DELETE: alias("DELETE"),
};
