import type { RouterOutputs } from "~/components/trpc/client";

type Worker = RouterOutputs["monitoring"]["engine"]["workers"][number];

/** A living worker without loops, for tests. */
export function newWorker(change: Partial<Worker> = {}): Worker {
  return {
    workerId: "w-1",
    host: "h",
    pid: 1,
    version: "0.1.0",
    startedAt: "2026-11-24T04:00:00.000Z",
    seenAt: "2026-11-24T04:00:00.000Z",
    alive: true,
    clockSkewMs: 0,
    inFlight: 0,
    firedTotal: 0,
    url: "",
    tzdata: null,
    loops: [],
    ...change,
  };
}
