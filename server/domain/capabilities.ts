import { CAPABILITIES, type CapabilityName } from "./choices";
import { type LoopName, loopNameOf } from "./loops";
import type { SelfTestFaults } from "./self-test";
import type { BreakerView, Capability, HealthReason, WorkerView } from "./views";

export type Fault = Pick<HealthReason, "service" | "message">;

/** What can be seen of the parts at one moment. A fault is null where the part is well. */
export interface Sight {
  nowMs: number;
  redis: Fault | null;
  /** Redis answers, and refuses to write. */
  refusal: Fault | null;
  clickhouse: Fault | null;
  bus: Fault | null;
  /** Topics that cannot be published to, and a ClickHouse that is left alone. */
  breakers: readonly { view: Pick<BreakerView, "kind">; fault: Fault }[];
  /** Null: a loop that only another version of the worker has. */
  failingLoops: readonly { loop: LoopName | null; fault: Fault }[];
  /** What the product's own event found on its way. */
  selfTest: SelfTestFaults;
  /** Null: cannot be read. */
  engine: { workers: readonly WorkerView[]; oldestDueMs: number; outboxOldestMs: number } | null;
}

/** A loop that has work which waits, and has not ended a tick for this long, is stuck. */
const STUCK_MS = 5000;

const LOOPS = {
  accepts: [],
  fires: ["execute", "rescue", "breakers", "early-trials"],
  records: ["record"],
  promotes: ["promote"],
  consumes: ["consume"],
} satisfies Record<CapabilityName, readonly LoopName[]>;

/** Whether the loop is one of those that carry the capability. */
function carries(capability: CapabilityName, loop: LoopName | null): boolean {
  const carriers: readonly (LoopName | null)[] = LOOPS[capability];
  return carriers.includes(loop);
}

/** Each capability with what stands in its way. */
export function judge(sight: Sight): { capability: Capability; faults: readonly Fault[] }[] {
  return CAPABILITIES.map((name) => {
    const faults = faultsOf(name, sight);
    if (faults.length > 0) {
      const reason = faults.map(({ message }) => message).join(" ");
      return { capability: { name, state: "degraded", reason }, faults };
    }
    if (name !== "accepts" && sight.engine === null) {
      const reason = "The workers cannot be asked, since Redis does not answer.";
      return { capability: { name, state: "unknown", reason }, faults };
    }
    return { capability: { name, state: "ok", reason: null }, faults };
  });
}

function faultsOf(name: CapabilityName, sight: Sight): Fault[] {
  const present = (...faults: (Fault | null)[]) => faults.filter((one) => one !== null);
  const own = name === "promotes" || name === "consumes" ? null : sight.selfTest[name];
  if (name === "accepts") return present(sight.redis, sight.refusal, own);
  // Without Redis nothing more can be said of what workers do.
  if (sight.redis !== null) return [];
  const behind = (kind: BreakerView["kind"]) =>
    sight.breakers.filter(({ view }) => view.kind === kind).map(({ fault }) => fault);
  const parts: Record<Exclude<CapabilityName, "accepts">, Fault[]> = {
    // A claim is a write, and so is every step below.
    fires: [...present(sight.refusal, sight.bus), ...behind("topic")],
    records: [...present(sight.refusal, sight.clickhouse), ...behind("store")],
    promotes: [...present(sight.refusal, sight.clickhouse), ...behind("store")],
    consumes: present(sight.refusal, sight.bus),
  };
  const loops = sight.failingLoops.filter(({ loop }) => carries(name, loop)).map(({ fault }) => fault);
  return [...parts[name], ...loops, ...present(noWorker(sight)), ...stuck(name, sight), ...present(own)];
}

function noWorker({ engine, refusal }: Sight): Fault | null {
  // A worker cannot say that it lives where nothing can be written.
  if (engine === null || refusal !== null || engine.workers.some(({ alive }) => alive)) return null;
  return { service: "worker", message: "No worker is alive: nothing fires." };
}

/**
 * What waits while no loop that would take it has ended a tick. One that ticks is only behind; `HEALTH_LIMITS` bounds
 * that.
 */
function stuck(name: CapabilityName, { engine, nowMs }: Sight): Fault[] {
  if (engine === null) return [];
  const waits = { fires: engine.oldestDueMs, records: engine.outboxOldestMs }[name as string] ?? 0;
  if (waits < STUCK_MS) return [];
  const alive = engine.workers.filter((worker) => worker.alive);
  const loops = alive.flatMap((worker) => worker.loops).filter((loop) => carries(name, loopNameOf(loop.name)));
  const lastTickMs = Math.max(...loops.map(({ lastTickAt }) => (lastTickAt === null ? 0 : Date.parse(lastTickAt))));
  if (loops.length === 0 || nowMs - lastTickMs < STUCK_MS) return [];
  const seconds = Math.round(waits / 1000);
  const message =
    name === "fires"
      ? `Nothing is claimed: an event has been due for ${seconds} s.`
      : `Nothing is recorded: a change has waited for ClickHouse for ${seconds} s.`;
  return [{ service: "worker", message }];
}
