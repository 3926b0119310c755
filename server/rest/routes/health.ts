import { toWire } from "~/server/domain/wire";
import { requestCtx } from "~/server/request-ctx";
import { requestIdOf } from "~/server/services/access/request-headers";
import { getHealth } from "~/server/services/monitoring";
import { methods } from "../handler";

function answer(input: { request: Request; healthy: boolean; body: unknown }): Response {
  return new Response(JSON.stringify(toWire(input.body)), {
    status: input.healthy ? 200 : 503,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": requestIdOf(input.request.headers),
    },
  });
}

/** `/api/live`: liveness of this process. It does not depend on the stores, because a restart would not repair them. */
export const live = methods({
  GET: async (request) => answer({ request, healthy: true, body: { status: "alive" } }),
});

/**
 * `/api/v1/schedules/monitoring/health`: readiness for load balancers. Callers without credentials see only the status.
 * If the checks themselves fail, the status is degraded.
 */
export const health = methods({
  GET: async (request) => {
    try {
      const { ctx } = await requestCtx(request.headers).catch(() => requestCtx(new Headers()));
      const report = await getHealth({ ctx });
      const body = ctx.principal ? report : { status: report.status };
      return answer({ request, healthy: report.status === "healthy", body });
    } catch {
      return answer({ request, healthy: false, body: { status: "degraded" } });
    }
  },
});
