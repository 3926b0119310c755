import { setTimeout as pause } from "node:timers/promises";
import type { Redis } from "~/server/adapters/redis/redis-types";
import { type BusSide, onEachMaster } from "./bus-log";
import type { House } from "./house";
import type { FaultKind, PlannedFault } from "./plan";

export interface Injection {
  house: House;
  redis: Redis;
  bus: BusSide;
  /** Called at the moment of a wipe. */
  onWiped(atMs: number): void;
}

/** Does one fault from its begin to its mending; resolves when what was hurt runs again. */
export async function inject(given: Injection, fault: PlannedFault): Promise<void> {
  await HOW[fault.kind](given, fault);
}

/** What cannot happen in this house is left out of its plan. */
export function possibleKinds(house: House, kinds: readonly FaultKind[]): FaultKind[] {
  return kinds.filter((kind) => {
    // Redis Streams live in Redis: they are away when it is.
    if (kind === "bus-away") return house.kafka !== null;
    // A server on its own cannot fail over; of a cluster's, one is killed at a time.
    if (kind === "redis-failover") return house.redis.failOver !== null;
    return kind !== "redis-restart" || house.redis.failOver === null;
  });
}

type Inject = (given: Injection, fault: PlannedFault) => Promise<void>;

const HOW: Record<FaultKind, Inject> = {
  async "worker-kill"({ house }, { worker, durationMs }) {
    await house.worker(worker)?.end("SIGKILL");
    await pause(durationMs);
    await house.startWorker(worker);
  },
  async "workers-away"({ house }, { durationMs }) {
    const slots = Array.from({ length: house.workerCount }, (_, slot) => slot);
    await Promise.all(slots.map((slot) => house.worker(slot)?.end("SIGKILL")));
    await pause(durationMs);
    await Promise.all(slots.map((slot) => house.startWorker(slot)));
  },
  async "worker-stop"({ house }, { worker, durationMs }) {
    house.worker(worker)?.signal("SIGSTOP");
    await pause(durationMs);
    house.worker(worker)?.signal("SIGCONT");
  },
  async "worker-drain"({ house }, { worker, durationMs }) {
    await house.worker(worker)?.end("SIGTERM");
    await pause(durationMs);
    await house.startWorker(worker);
  },
  async "redis-restart"({ house }, { durationMs }) {
    await house.redis.kill();
    await pause(durationMs);
    await house.redis.start();
  },
  /** A replica takes over; what the master had not sent to it yet is lost with the master, as with a wipe. */
  async "redis-failover"({ house, onWiped }, { worker, durationMs }) {
    onWiped(Date.now());
    await house.redis.failOver?.(worker);
    await pause(durationMs);
    await house.redis.revive();
  },
  async "redis-wipe"({ bus, redis, onWiped }) {
    await bus.wipe(redis);
    onWiped(Date.now());
  },
  /** Less memory than is used: Redis refuses every write that needs more, as `noeviction` says. */
  async "redis-full"({ redis }, { durationMs }) {
    await onEachMaster(redis, (master) => master.config("SET", "maxmemory", "1mb"));
    await pause(durationMs);
    await onEachMaster(redis, (master) => master.config("SET", "maxmemory", "0"));
  },
  async "clickhouse-away"({ house }, { durationMs }) {
    await house.killClickHouse();
    await pause(durationMs);
    await house.startClickHouse();
  },
  async "bus-away"({ house }, { durationMs }) {
    await house.kafka?.kill9();
    await pause(durationMs);
    await house.kafka?.restart();
  },
  async "clock-step"({ house }, { worker, durationMs }) {
    house.worker(worker)?.signal("SIGUSR2");
    await pause(durationMs);
    house.worker(worker)?.signal("SIGUSR2");
  },
};
