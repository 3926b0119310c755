import { z } from "zod";
import { getHealth } from "~/server/services/monitoring";
import { cut, cutOrNull, defineTool } from "../tool";

export const healthTool = defineTool({
  name: "health",
  title: "Health",
  description:
    "Whether Redis, ClickHouse, the bus and the workers respond, and whether events are accepted, fired, recorded, promoted and consumed, with the reasons. A key that is limited to some topics sees only the status and which services respond.",
  right: null,
  input: z.strictObject({}),
  output: z.object({
    status: z.enum(["healthy", "degraded"]),
    reasons: z.array(
      z.object({
        code: z.string(),
        message: z.string(),
        service: z.string(),
        severity: z.enum(["warning", "critical"]),
      }),
    ),
    services: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
    capabilities: z.array(
      z.object({ name: z.string(), state: z.enum(["ok", "degraded", "unknown"]), reason: z.string().nullable() }),
    ),
    checkedAt: z.string(),
  }),
  run: async ({ ctx }) => {
    const { status, reasons, services, capabilities, checkedAt } = await getHealth({ ctx });
    return {
      status,
      reasons: reasons.map(({ code, message, service, severity }) => ({
        ...{ code, message: cut(message), service, severity },
      })),
      services: services.map(({ name, ok, detail }) => ({ name, ok, detail: cut(detail) })),
      capabilities: capabilities.map(({ name, state, reason }) => ({ name, state, reason: cutOrNull(reason) })),
      checkedAt,
    };
  },
});
