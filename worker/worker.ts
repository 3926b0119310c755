import { hostname } from "node:os";
import { v7 } from "uuid";
import { zonesInUse } from "~/server/domain/recurrence";
import type { AuditReceiver } from "~/server/ports/audit-receiver";
import type { Deps } from "~/server/services/ctx";
import { createBreakers } from "~/server/services/firing/breakers";
import { deregisterWorker, storeHeartbeat } from "~/server/services/monitoring/workers";
import { VERSION } from "~/server/version";
import { startLiveness } from "./liveness";
import { createLoop } from "./loop";
import {
  createAuditStreamLoop,
  createBreakerLoop,
  createBulkLoop,
  createCleanupLoop,
  createEarlyTrialsLoop,
  createPausesLoop,
  createPromoteLoop,
  createRecordLoop,
  createRescueLoop,
  createSelfTestLoop,
  createVirtualClockLoop,
  createWatchLoop,
} from "./loops/background";
import { createConsumeLoop } from "./loops/consume";
import { createExecuteLoop } from "./loops/execute";

const HEARTBEAT_MS = 2000;

export interface Worker {
  readonly workerId: string;
  /** The address of the worker's liveness endpoint. */
  readonly url: string;
  /** Shuts down: waits for batches in flight, then flushes the outbox. Remaining leases expire. */
  stop(): Promise<void>;
}

export async function startWorker(input: {
  deps: Deps;
  port: number;
  host: string;
  /** Difference between the clocks of this process and of Redis, ms. */
  clockSkewMs: () => number;
  onTick?: (name: string) => void;
  auditReceivers?: readonly AuditReceiver[];
}): Promise<Worker> {
  const { deps, onTick } = input;
  const workerId = `${hostname()}-${process.pid}-${v7().slice(-6)}`;
  const startedAt = new Date().toISOString();
  const shards = Array.from({ length: deps.hot.shards }, (_, shard) => shard);
  const breakers = createBreakers(deps);
  await breakers.refresh();
  const executors = shards.map((shard) => createExecuteLoop({ deps, breakers, workerId, shard, onTick }));
  const loopDeps = { deps, breakers, workerId, onTick };
  const consumer = createConsumeLoop(loopDeps);
  const isBusy = () => consumer.isBehind() || executors.some((one) => one.isBehind());
  const heartbeatLoop = createLoop({
    name: "heartbeat",
    log: deps.log,
    async tick() {
      await sendHeartbeat();
      // Detect a wiped Redis now rather than at the next promotion cycle.
      if ((await deps.hot.epoch()) === null) promoteLoop.wake();
      return HEARTBEAT_MS;
    },
  });
  const promoteLoop = createPromoteLoop(loopDeps);
  // The loops stop in reverse order, so that the recorders record the last entries of all others.
  const loops = [
    ...shards.map((shard) => createRecordLoop({ ...loopDeps, shard, isBusy })),
    promoteLoop,
    ...shards.map((shard) => createRescueLoop({ ...loopDeps, shard })),
    createBreakerLoop(loopDeps),
    createEarlyTrialsLoop(loopDeps),
    ...executors,
    consumer,
    createBulkLoop(loopDeps),
    createPausesLoop(loopDeps),
    createWatchLoop(loopDeps),
    createSelfTestLoop(loopDeps),
    createCleanupLoop(loopDeps),
    ...(deps.virtualClock === undefined ? [] : [createVirtualClockLoop(loopDeps)]),
    ...(input.auditReceivers ?? []).map((receiver, index) => createAuditStreamLoop({ ...loopDeps, receiver, index })),
    heartbeatLoop,
  ];
  const liveness = await startLiveness({
    port: input.port,
    host: input.host,
    startedAt,
    loops: () => loops.map((one) => one.status()),
  });

  async function sendHeartbeat(): Promise<void> {
    await storeHeartbeat(deps, {
      workerId,
      host: hostname(),
      pid: process.pid,
      version: VERSION,
      startedAt,
      seenAt: new Date(deps.clock.now()).toISOString(),
      clockSkewMs: input.clockSkewMs(),
      inFlight: executors.reduce((sum, one) => sum + one.inFlight(), 0),
      firedTotal: executors.reduce((sum, one) => sum + one.firedTotal(), 0),
      url: liveness.url,
      tzdata: { version: zonesInUse().version, source: zonesInUse().source },
      loops: loops.map((one) => one.status()),
    });
  }

  const unsubscribeWake = await deps.hot.onWake(() => {
    for (const executor of executors) executor.wake();
  });
  for (const loop of loops) loop.start();
  let stopping: Promise<void> | null = null;

  async function stop(): Promise<void> {
    await unsubscribeWake();
    for (const loop of [...loops].reverse()) await loop.stop();
    await deregisterWorker(deps, workerId).catch((error) =>
      deps.log.warn({ err: error }, "could not deregister worker"),
    );
    await liveness.stop();
  }

  return {
    workerId,
    url: liveness.url,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
