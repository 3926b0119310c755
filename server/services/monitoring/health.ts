import { assessCapabilities } from "~/server/domain/capabilities";
import { HEALTH_CODES, type HealthPart } from "~/server/domain/choices";
import type { Fault, Health, HealthReason } from "~/server/domain/views";
import type { Ctx, Deps } from "../ctx";
import { unscopedDeps } from "../scope";
import { withCheckTimeout } from "./check-timeout";
import { engineReasons } from "./engine-reasons";
import { type EngineState, readEngineState, UNKNOWN_ENGINE_STATE } from "./engine-state";

type ServiceHealth = Health["services"][number];
type Probed = Exclude<HealthPart, "worker">;
type ProbedHealth = ServiceHealth & { name: Probed };

/**
 * Returns the state of each service and capability, with reasons; for a caller with a scope, without details. Requires
 * no right. The transport decides how much to disclose.
 */
export async function getHealth(call: { ctx: Ctx }): Promise<Health> {
  const { deps } = call.ctx;
  const health = await checkHealth(unscopedDeps(deps));
  return deps.scope === undefined ? health : shortHealth(health);
}

async function checkHealth(deps: Deps): Promise<Health> {
  const warnings: HealthReason[] = [];
  const [redis, clickhouse, bus] = await Promise.all([
    checked("redis", () => pingRedis(deps, warnings)),
    checked("clickhouse", async () => deps.store.ping()),
    checked("bus", async () =>
      deps.bus === null ? { ok: true, detail: "not used by this process", latencyMs: null } : deps.bus.check(),
    ),
  ]);
  const services: ServiceHealth[] = [redis, clickhouse, bus];
  const { engine, fault } = await inspectEngine(deps, redis.ok);
  const assessments = assessCapabilities({
    ...{ nowMs: deps.clock.now(), redis: faultOf(redis), clickhouse: faultOf(clickhouse), bus: faultOf(bus) },
    ...(engine ?? UNKNOWN_ENGINE_STATE),
  });
  if (engine !== null) {
    const hasSelfTest = deps.settings.current().selfTestIntervalSeconds > 0;
    services.push(workersOf(engine), selfTestOf(engine, hasSelfTest));
    // If the items cannot be counted, their warning is left out. An outage of ClickHouse has its own reason.
    const quarantinedCount = clickhouse.ok ? await withCheckTimeout(() => countQuarantined(deps)).catch(() => 0) : 0;
    warnings.push(...(await engineReasons(deps, engine, quarantinedCount)));
  }
  const faults = [...[redis, clickhouse, bus].map(faultOf), ...assessments.flatMap((one) => one.faults)];
  faults.push(...(engine?.failingLoops ?? []).map((one) => one.fault), fault);
  const reasons = [...critical(faults), ...warnings];
  return {
    status: reasons.some((reason) => reason.severity === "critical") ? "degraded" : "healthy",
    reasons,
    services,
    capabilities: assessments.map((one) => one.capability),
    checkedAt: new Date(deps.clock.now()).toISOString(),
  };
}

/** Keeps the status, and whether Redis, ClickHouse and the bus respond. */
function shortHealth({ status, services, checkedAt }: Health): Health {
  const shown = services.filter(({ name }) => name !== "worker" && name !== "self-test");
  return {
    status,
    reasons: [],
    services: shown.map(({ name, ok }) => ({ name, ok, detail: "", latencyMs: null })),
    capabilities: [],
    checkedAt,
  };
}

/** Merges a fault that affects several capabilities into one reason. */
function critical(faults: readonly (Fault | null)[]): HealthReason[] {
  const byMessage = new Map(faults.filter((one) => one !== null).map((one) => [one.message, one]));
  return [...byMessage.values()].map((one) => reasonOf(one, "critical"));
}

const reasonOf = (fault: Fault, severity: HealthReason["severity"]): HealthReason => {
  return { ...fault, service: HEALTH_CODES[fault.code], severity };
};

async function inspectEngine(
  deps: Deps,
  isRedisUp: boolean,
): Promise<{ engine: EngineState | null; fault: Fault | null }> {
  if (!isRedisUp) return { engine: null, fault: null };
  try {
    const engine = await withCheckTimeout(() => readEngineState(deps));
    return { engine, fault: engine.fault };
  } catch (error) {
    const message = `The state of queues and workers could not be read from Redis: ${(error as Error).message}`;
    return { engine: null, fault: { code: "redis_unreadable", message } };
  }
}

const countQuarantined = async (deps: Deps) => (await deps.store.quarantined(1)).total;

function workersOf(engine: EngineState): ServiceHealth {
  const alive = engine.workers.filter((worker) => worker.alive).length;
  const detail = `${alive} alive`;
  return { name: "worker", ok: alive > 0, detail, latencyMs: null };
}

/** @param isOn whether the self-test has an interval */
function selfTestOf({ selfTest, selfTestState, pauseAll }: EngineState, isOn: boolean): ServiceHealth {
  const name = "self-test";
  if (selfTestState === null) {
    return {
      name,
      ok: true,
      detail: pauseAll ? "off while all firing is paused" : isOn ? "not run lately" : "off",
      latencyMs: null,
    };
  }
  const { fireMs, recordMs } = selfTestState;
  const faults = Object.values(selfTest).flatMap((fault) => (fault === null ? [] : [fault.message]));
  const timing =
    fireMs === null ? "no event has completed yet" : `published after ${fireMs} ms, recorded ${recordMs} ms later`;
  return { name, ok: faults.length === 0, detail: faults.join(" ") || timing, latencyMs: fireMs };
}

async function pingRedis(deps: Deps, warnings: HealthReason[]): Promise<Omit<ServiceHealth, "name">> {
  const started = performance.now();
  await deps.connection.ping();
  const latencyMs = performance.now() - started;
  const { usedBytes, policy } = await deps.hot.memory();
  if (policy !== "noeviction") {
    const message = `maxmemory-policy is ${policy}: Redis may delete data when its memory is full. Set maxmemory-policy to noeviction.`;
    warnings.push(reasonOf({ code: "redis_evicts", message }, "warning"));
  }
  const persistence = await deps.hot.persistence();
  if (!persistence.isDurable) {
    const consequence = "If Redis loses its data, acknowledged events that are not in ClickHouse yet are lost.";
    const message = `${persistence.fault} ${consequence}`;
    warnings.push(reasonOf({ code: "redis_not_durable", message }, "warning"));
  }
  return { ok: true, detail: `${(usedBytes / 1e6).toFixed(1)} MB used, ${policy}`, latencyMs };
}

function faultOf({ name, ok, detail }: ProbedHealth): Fault | null {
  return ok ? null : { code: `${name}_unreachable`, message: `${name}: ${detail}` };
}

async function checked(name: Probed, check: () => Promise<Omit<ServiceHealth, "name">>): Promise<ProbedHealth> {
  try {
    return { name, ...(await withCheckTimeout(check)) };
  } catch (error) {
    return { name, ok: false, detail: (error as Error).message, latencyMs: null };
  }
}
