import type { ReachEvent } from "./reach-state";

const PATH = "/api/v1/schedules/monitoring/reach";
/** The server answers within 3 s, even if its stores do not respond. After a longer silence it is unreachable. */
const TIMEOUT_MS = 3500;

/** Asks the server which stores respond. Never throws. */
export async function askServer(): Promise<ReachEvent> {
  try {
    const response = await fetch(PATH, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await response.json();
    const at = Date.now();
    if (response.ok && isReport(body)) return { kind: "report", at, redis: body.redis, clickhouse: body.clickhouse };
    // Any other answer shows a working server. If the session has ended, the page's queries open the sign-in.
    return response.status === 503 ? { kind: "unverified", at } : { kind: "report", at, redis: true, clickhouse: true };
  } catch {
    return { kind: "silent", at: Date.now() };
  }
}

function isReport(body: unknown): body is { redis: boolean; clickhouse: boolean } {
  const { redis, clickhouse } = (body ?? {}) as Record<string, unknown>;
  return typeof redis === "boolean" && typeof clickhouse === "boolean";
}
