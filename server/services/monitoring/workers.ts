import { z } from "zod";
import type { WorkerView } from "~/server/domain/views";
import type { Deps } from "../ctx";

/** A worker that has not been heard of for this long does not count as alive. */
const ALIVE_MS = 15_000;
/** And after this long it is forgotten. */
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
  /** The tz database that it computes with; null of a worker too old to say. */
  tzdata: z.object({ version: z.string(), source: z.string() }).nullable().default(null),
  loops: z.array(
    z.object({
      name: z.string(),
      lastTickAt: z.string().nullable(),
      lastError: z.string().nullable(),
      ticks: z.number(),
      // A worker of the version before tells nothing of these.
      failuresInARow: z.number().default(0),
      failingSince: z.string().nullable().default(null),
      restarts: z.number().default(0),
    }),
  ),
});
export type Heartbeat = z.input<typeof Heartbeat>;

/** Stores a worker's heartbeat. */
export async function recordHeartbeat(deps: Deps, worker: Heartbeat): Promise<void> {
  await deps.workers.put(worker.workerId, JSON.stringify(worker));
}

/** Removes a worker that has stopped. */
export async function deregisterWorker(deps: Deps, workerId: string): Promise<void> {
  await deps.workers.remove(workerId);
}

/** All workers heard of within the last hour, the living first. */
export async function listWorkers(deps: Deps): Promise<WorkerView[]> {
  const nowMs = deps.clock.now();
  const workers: WorkerView[] = [];
  for (const [id, json] of await deps.workers.all()) {
    const parsed = Heartbeat.safeParse(JSON.parse(json));
    const age = parsed.success ? nowMs - Date.parse(parsed.data.seenAt) : Number.POSITIVE_INFINITY;
    if (!parsed.success || age > FORGET_MS) await deregisterWorker(deps, id);
    else workers.push({ ...parsed.data, alive: age < ALIVE_MS });
  }
  return workers.sort((a, b) => Number(b.alive) - Number(a.alive) || a.workerId.localeCompare(b.workerId));
}
