import { AppError } from "~/server/domain/errors";
import { methods, NoInput, type RouteHandler, type RouteMethods, restRoute } from "../handler";
import { apiKey, apiKeyRotate, apiKeys } from "./api-keys";
import { documentsApply, documentsDiff, documentsExport } from "./as-code";
import { audit, auditExport, auditVerify } from "./audit";
import { bulk, bulkAbort, bulkExport, bulkJob, bulkUndo } from "./bulk";
import { deadLettersDecide, deadLettersRefused } from "./dead-letters";
import {
  execution,
  executionFailures,
  executionReplay,
  executions,
  executionsExport,
  executionsInFlight,
  failuresExport,
  inFlightExport,
} from "./executions";
import { pauseAllRoute, resumeAllRoute } from "./pause-all";
import { payloadKeys } from "./payload-keys";
import { quarantine, quarantineDecide, quarantineItem } from "./quarantine";
import {
  schedule,
  scheduleActivityRoute,
  scheduleExecute,
  scheduleExecutions,
  scheduleExplain,
  scheduleMissed,
  scheduleOccurrences,
  scheduleRestore,
  schedules,
  schedulesBatch,
  schedulesExport,
  schedulesPreview,
  scheduleToggle,
  scheduleVersions,
} from "./schedules";
import { settings } from "./settings";
import { topicProtection, topicSchema } from "./topics";
import { schedulesUpcoming, upcomingExport } from "./upcoming";
import { user, userLink, userSecondFactor, users } from "./users";

/** The routes under `/admin` and the alias `/api/v1/admin`. The first match wins, so literals come before `{id}`. */
export const ADMIN_ROUTES: readonly (readonly [path: string, route: RouteMethods])[] = [
  ["schedules", schedules],
  ["schedules/batch", schedulesBatch],
  ["schedules/export", schedulesExport],
  ["schedules/documents/apply", documentsApply],
  ["schedules/documents/diff", documentsDiff],
  ["schedules/documents/export", documentsExport],
  ["schedules/preview", schedulesPreview],
  ["schedules/upcoming", schedulesUpcoming],
  ["schedules/upcoming/export", upcomingExport],
  ["schedules/bulk", bulk],
  ["schedules/bulk/export", bulkExport],
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
  ["schedules/{id}/activity", scheduleActivityRoute],
  ["schedules/{id}/versions", scheduleVersions],
  ["schedules/{id}/restore", scheduleRestore],
  ["api-keys", apiKeys],
  ["api-keys/{id}", apiKey],
  ["api-keys/{id}/rotate", apiKeyRotate],
  ["users", users],
  ["users/{id}", user],
  ["users/{id}/link", userLink],
  ["users/{id}/second-factor", userSecondFactor],
  ["settings", settings],
  ["audit", audit],
  ["audit/export", auditExport],
  ["audit/verify", auditVerify],
  ["dead-letters/decide", deadLettersDecide],
  ["dead-letters/refused", deadLettersRefused],
  ["quarantine", quarantine],
  ["quarantine/{id}", quarantineItem],
  ["quarantine/{id}/decide", quarantineDecide],
  ["system/pause-all", pauseAllRoute],
  ["system/resume-all", resumeAllRoute],
  ["system/payload-keys", payloadKeys],
  ["topics/{topic}/schema", topicSchema],
  ["topics/{topic}/protection", topicProtection],
  ["executions", executions],
  ["executions/export", executionsExport],
  ["executions/failures", executionFailures],
  ["executions/failures/export", failuresExport],
  ["executions/in-flight", executionsInFlight],
  ["executions/in-flight/export", inFlightExport],
  ["executions/{id}", execution],
  ["executions/{id}/replay", executionReplay],
];

const unknownAddress = restRoute({
  right: "schedules:read",
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

const PARAM = /^\{(\w+)\}$/;

function findRoute(parts: readonly string[]): { route: RouteMethods; params: Record<string, string> } {
  for (const [path, route] of ADMIN_ROUTES) {
    const pattern = path.split("/");
    if (pattern.length !== parts.length) continue;
    if (!pattern.every((part, i) => PARAM.test(part) || part === parts[i])) continue;
    const params = pattern.flatMap((part, i) => {
      const name = PARAM.exec(part)?.[1];
      return name === undefined ? [] : [[name, parts[i] ?? ""]];
    });
    return { route, params: Object.fromEntries(params) };
  }
  return { route: notFound, params: {} };
}

/** `/api/v1/admin/[...path]`: the same calls as under `/admin`. */
function alias(method: keyof RouteMethods): RouteHandler {
  return async (request, next) => {
    const { path = [] } = await next.params;
    const { route, params } = findRoute([path].flat());
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
