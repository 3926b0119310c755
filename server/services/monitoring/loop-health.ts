import { HEALTH_LIMITS } from "~/server/domain/health-limits";
import { type LoopName, loopNameOf } from "~/server/domain/loops";
import type { Fault, WorkerView } from "~/server/domain/views";

/** A loop with long ticks, and so with fewer failures than `loopFailures`, counts as failing after this time, ms. */
const FAILING_MS = 4000;

/**
 * Returns the failing loops of live workers, each with its last error. The same loop of several workers is one entry.
 */
export function failingLoops(workers: readonly WorkerView[], nowMs: number): { loop: LoopName | null; fault: Fault }[] {
  const failing = new Map<string, { workers: string[]; loop: WorkerView["loops"][number] }>();
  for (const worker of workers) {
    if (!worker.alive) continue;
    for (const loop of worker.loops) {
      if (!isFailing(loop, nowMs)) continue;
      const known = failing.get(loop.name);
      if (known === undefined) failing.set(loop.name, { workers: [worker.workerId], loop });
      else known.workers.push(worker.workerId);
    }
  }
  return [...failing.values()].map(({ workers: ids, loop }) => ({
    loop: loopNameOf(loop.name),
    fault: {
      code: "loop_failing",
      message: `The loop ${loop.name} of ${ids.length === 1 ? `worker ${ids[0]}` : `${ids.length} workers`} has failed since ${loop.failingSince} (${failureText(loop)}): ${loop.lastError ?? "unknown error"}`,
    },
  }));
}

function isFailing(loop: WorkerView["loops"][number], nowMs: number): boolean {
  if (loop.failingSince === null) return false;
  return loop.failuresInARow >= HEALTH_LIMITS.loopFailures || nowMs - Date.parse(loop.failingSince) >= FAILING_MS;
}

function failureText({ failuresInARow, restarts }: WorkerView["loops"][number]): string {
  const failures = failuresInARow === 1 ? "1 failure" : `${failuresInARow} failures in a row`;
  return restarts === 0 ? failures : `${failures}, restarted ${restarts} times`;
}
