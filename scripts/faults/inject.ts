import { setTimeout as pause } from "node:timers/promises";
import type { Redis } from "~/server/adapters/redis/connection/redis-types";
import { type BusSide, onEachMaster } from "./bus-log";
import type { Installation } from "./installation";
import type { FaultKind, PlannedFault } from "./plan";

export interface Injection {
  installation: Installation;
  redis: Redis;
  bus: BusSide;
  /** Records that Redis may have lost its newest writes at this time, epoch ms. */
  recordWipe(atMs: number): void;
}

/** Injects one fault and repairs it. Resolves when the affected part runs again. */
export async function inject(injection: Injection, fault: PlannedFault): Promise<void> {
  await INJECTIONS[fault.kind](injection, fault);
}

export function possibleKinds(installation: Installation, kinds: readonly FaultKind[]): FaultKind[] {
  return kinds.filter((kind) => {
    // Redis Streams are down if Redis is.
    if (kind === "bus-away") return installation.kafka !== null;
    // A single server cannot fail over. In a cluster, one master is killed at a time instead of restarting all.
    if (kind === "redis-failover") return installation.redis.failOver !== null;
    return kind !== "redis-restart" || installation.redis.failOver === null;
  });
}

type Inject = (injection: Injection, fault: PlannedFault) => Promise<void>;

const INJECTIONS: Record<FaultKind, Inject> = {
  async "worker-kill"({ installation }, { worker, durationMs }) {
    await installation.worker(worker)?.end("SIGKILL");
    await pause(durationMs);
    await installation.startWorker(worker);
  },
  async "workers-away"({ installation }, { durationMs }) {
    const slots = Array.from({ length: installation.workerCount }, (_, slot) => slot);
    await Promise.all(slots.map((slot) => installation.worker(slot)?.end("SIGKILL")));
    await pause(durationMs);
    await Promise.all(slots.map((slot) => installation.startWorker(slot)));
  },
  /** The worker hangs for longer than its leases last. */
  async "worker-stop"({ installation }, { worker, durationMs }) {
    installation.worker(worker)?.signal("SIGSTOP");
    await pause(durationMs);
    installation.worker(worker)?.signal("SIGCONT");
  },
  async "worker-shutdown"({ installation }, { worker, durationMs }) {
    await installation.worker(worker)?.end("SIGTERM");
    await pause(durationMs);
    await installation.startWorker(worker);
  },
  async "redis-restart"({ installation }, { durationMs }) {
    await installation.redis.kill();
    await pause(durationMs);
    await installation.redis.start();
  },
  /**
   * A replica takes over. Writes that were not replicated are lost, so the fault counts as a wipe. The number of the
   * worker selects the shard.
   */
  async "redis-failover"({ installation, recordWipe }, { worker, durationMs }) {
    recordWipe(Date.now());
    await installation.redis.failOver?.(worker);
    await pause(durationMs);
    await installation.redis.revive();
  },
  async "redis-wipe"({ bus, redis, recordWipe }) {
    await bus.wipe(redis);
    recordWipe(Date.now());
  },
  /** Limits the memory to less than is used, so that Redis refuses writes (`noeviction`). */
  async "redis-full"({ redis }, { durationMs }) {
    await onEachMaster(redis, (master) => master.config("SET", "maxmemory", "1mb"));
    await pause(durationMs);
    await onEachMaster(redis, (master) => master.config("SET", "maxmemory", "0"));
  },
  async "clickhouse-away"({ installation }, { durationMs }) {
    await installation.killClickHouse();
    await pause(durationMs);
    await installation.startClickHouse();
  },
  async "bus-away"({ installation }, { durationMs }) {
    await installation.kafka?.kill9();
    await pause(durationMs);
    await installation.kafka?.restart();
  },
  /** Sets the clock 5 s ahead and then 10 s back, so that it stays 5 s behind: see stepping-clock.mjs. */
  async "clock-step"({ installation }, { worker, durationMs }) {
    installation.worker(worker)?.signal("SIGUSR2");
    await pause(durationMs);
    installation.worker(worker)?.signal("SIGUSR2");
  },
};
