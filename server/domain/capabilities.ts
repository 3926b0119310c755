import { CAPABILITIES, type CapabilityName } from "./choices";
import { type LoopName, loopNameOf } from "./loops";
import type { SelfTestFaults } from "./self-test";
import type { BreakerView, Capability, Fault, WorkerView } from "./views";

/** The observed state of the parts of the installation. A fault is null if its part works. */
export interface Observations {
  nowMs: number;
  redis: Fault | null;
  /** Redis answers but refuses writes. */
  refusal: Fault | null;
  clickhouse: Fault | null;
  bus: Fault | null;
  /** Open breakers of topics and of ClickHouse. */
  breakers: readonly { view: Pick<BreakerView, "kind">; fault: Fault }[];
  /** `loop` is null for a loop that this release does not know. */
  failingLoops: readonly { loop: LoopName | null; fault: Fault }[];
  selfTest: SelfTestFaults;
  /** The workers, and the ages of the oldest due occurrence and the oldest unrecorded change. Null without Redis. */
  engine: { workers: readonly WorkerView[]; oldestDueAgeMs: number; outboxOldestAgeMs: number } | null;
}

/** Work is stuck if it has waited this long and its loops have not ended a tick for this long. */
const STUCK_MS = 5000;

const LOOPS = {
  accepts: [],
  fires: ["execute", "rescue", "breakers", "early-trials"],
  records: ["record"],
  promotes: ["promote"],
  consumes: ["consume"],
} satisfies Record<CapabilityName, readonly LoopName[]>;

function needsLoop(capability: CapabilityName, loop: LoopName | null): boolean {
  const needed: readonly (LoopName | null)[] = LOOPS[capability];
  return needed.includes(loop);
}

export function assessCapabilities(observed: Observations): { capability: Capability; faults: readonly Fault[] }[] {
  return CAPABILITIES.map((name) => {
    const faults = faultsOf(name, observed);
    if (faults.length > 0) {
      const reason = faults.map(({ message }) => message).join(" ");
      return { capability: { name, state: "degraded", reason }, faults };
    }
    if (name !== "accepts" && observed.engine === null) {
      const reason = "The state of the workers is unknown, because Redis does not answer.";
      return { capability: { name, state: "unknown", reason }, faults };
    }
    return { capability: { name, state: "ok", reason: null }, faults };
  });
}

function faultsOf(name: CapabilityName, observed: Observations): Fault[] {
  const present = (...faults: (Fault | null)[]) => faults.filter((fault) => fault !== null);
  const selfTest = name === "promotes" || name === "consumes" ? null : observed.selfTest[name];
  if (name === "accepts") return present(observed.redis, observed.refusal, selfTest);
  // Without Redis the state of the workers is unknown.
  if (observed.redis !== null) return [];
  const openBreakers = (kind: BreakerView["kind"]) =>
    observed.breakers.filter(({ view }) => view.kind === kind).map(({ fault }) => fault);
  const parts: Record<Exclude<CapabilityName, "accepts">, Fault[]> = {
    // All four capabilities write to Redis.
    fires: [...present(observed.refusal, observed.bus), ...openBreakers("topic")],
    records: [...present(observed.refusal, observed.clickhouse), ...openBreakers("store")],
    promotes: [...present(observed.refusal, observed.clickhouse), ...openBreakers("store")],
    consumes: present(observed.refusal, observed.bus),
  };
  const loops = observed.failingLoops.filter(({ loop }) => needsLoop(name, loop)).map(({ fault }) => fault);
  return [...parts[name], ...loops, ...present(noWorker(observed)), ...stuck(name, observed), ...present(selfTest)];
}

function noWorker({ engine, refusal }: Observations): Fault | null {
  // If Redis refuses writes, heartbeats are missing although workers may be alive.
  if (engine === null || refusal !== null || engine.workers.some(({ alive }) => alive)) return null;
  return { code: "no_worker", message: "No worker is alive: nothing fires." };
}

/** A fault if work waits and no loop of the capability has ended a tick lately. `HEALTH_LIMITS` covers late work. */
function stuck(name: CapabilityName, { engine, nowMs }: Observations): Fault[] {
  if (engine === null) return [];
  const waitedMs = { fires: engine.oldestDueAgeMs, records: engine.outboxOldestAgeMs }[name as string] ?? 0;
  if (waitedMs < STUCK_MS) return [];
  const alive = engine.workers.filter((worker) => worker.alive);
  const loops = alive.flatMap((worker) => worker.loops).filter((loop) => needsLoop(name, loopNameOf(loop.name)));
  const lastTickMs = Math.max(...loops.map(({ lastTickAt }) => (lastTickAt === null ? 0 : Date.parse(lastTickAt))));
  if (loops.length === 0 || nowMs - lastTickMs < STUCK_MS) return [];
  const seconds = Math.round(waitedMs / 1000);
  return name === "fires"
    ? [{ code: "firing_stuck", message: `Nothing is claimed: an event has been due for ${seconds} s.` }]
    : [
        {
          code: "recording_stuck",
          message: `Nothing is recorded: a change has waited for ClickHouse for ${seconds} s.`,
        },
      ];
}
