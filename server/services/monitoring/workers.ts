import { z } from "zod";
import type { WorkerView } from "~/server/domain/views";
import type { Deps } from "../ctx";

/** A worker without a heartbeat for this time is not alive, ms. */
const ALIVE_MS = 15_000;
/** A worker without a heartbeat for this time is removed, ms. */
const FORGET_MS = 3_600_000;

const Heartbeat = z.object({
  workerId: z.string(),
  host: z.string(),
  pid: z.number(),
  version: z.string(),
  startedAt: z.string(),
  seenAt: z.string(),
  clockSkewMs: z.number(),
  inFlight: z.number(),
  firedTotal: z.number(),
  url: z.string(),
  /** Null for a worker of an older release. */
  tzdata: z.object({ version: z.string(), source: z.string() }).nullable().default(null),
  loops: z.array(
    z.object({
      name: z.string(),
      lastTickAt: z.string().nullable(),
      lastError: z.string().nullable(),
      ticks: z.number(),
      // Missing in heartbeats of the previous release.
      failuresInARow: z.number().default(0),
      failingSince: z.string().nullable().default(null),
      restarts: z.number().default(0),
    }),
  ),
});
export type Heartbeat = z.input<typeof Heartbeat>;

export async function storeHeartbeat(deps: Deps, worker: Heartbeat): Promise<void> {
  await deps.workers.put(worker.workerId, JSON.stringify(worker));
}

export async function deregisterWorker(deps: Deps, workerId: string): Promise<void> {
  await deps.workers.remove(workerId);
}

/** Returns the workers with a heartbeat in the last hour, live workers first. Removes all others from Redis. */
export async function listWorkers(deps: Deps): Promise<WorkerView[]> {
  const nowMs = deps.clock.now();
  const workers: WorkerView[] = [];
  for (const [id, json] of await deps.workers.all()) {
    const parsed = Heartbeat.safeParse(JSON.parse(json));
    const ageMs = parsed.success ? nowMs - Date.parse(parsed.data.seenAt) : Number.POSITIVE_INFINITY;
    if (!parsed.success || ageMs > FORGET_MS) await deregisterWorker(deps, id);
    else workers.push({ ...parsed.data, alive: ageMs < ALIVE_MS });
  }
  return workers.sort((a, b) => Number(b.alive) - Number(a.alive) || a.workerId.localeCompare(b.workerId));
}
