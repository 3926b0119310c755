import { assessCapabilities, type Fault } from "~/server/domain/capabilities";
import type { HealthPart } from "~/server/domain/choices";
import { zonesInUse } from "~/server/domain/recurrence";
import type { Health, HealthReason } from "~/server/domain/views";
import type { Ctx, Deps } from "../ctx";
import { within } from "./checked";
import { lookAtEngine, type Seen, UNSEEN } from "./look";
import { strains } from "./strains";

type ServiceHealth = Health["services"][number];
type StoreHealth = ServiceHealth & { name: HealthPart };

/**
 * Returns readiness: each service and capability with its state and reasons. Needs no caller; the transport decides how
 * much to disclose.
 */
export async function getHealth(call: { ctx: Ctx }): Promise<Health> {
  const { deps } = call.ctx;
  const warnings: HealthReason[] = [];
  const [redis, clickhouse, bus] = await Promise.all([
    checked("redis", () => pingRedis(deps, warnings)),
    checked("clickhouse", async () => deps.store.ping()),
    checked("bus", async () =>
      deps.bus === null ? { ok: true, detail: "not used by this process", latencyMs: null } : deps.bus.check(),
    ),
  ]);
  const services: ServiceHealth[] = [redis, clickhouse, bus];
  const { seen, fault } = await inspectEngine(deps, redis.ok);
  const verdicts = assessCapabilities({
    ...{ nowMs: deps.clock.now(), redis: faultOf(redis), clickhouse: faultOf(clickhouse), bus: faultOf(bus) },
    ...(seen ?? UNSEEN),
  });
  if (seen !== null) {
    services.push(workers(seen), selfTestOf(seen));
    // An unreachable ClickHouse has a reason of its own.
    const quarantined = clickhouse.ok ? await within(() => quarantinedOf(deps)).catch(() => 0) : 0;
    warnings.push(...(await strains(deps, seen, quarantined)));
  }
  const faults = [...[redis, clickhouse, bus].map(faultOf), ...verdicts.flatMap((one) => one.faults)];
  faults.push(...(seen?.failingLoops ?? []).map((one) => one.fault), fault);
  const reasons = [...critical(faults), ...warnings];
  return {
    status: reasons.some((reason) => reason.severity === "critical") ? "degraded" : "healthy",
    reasons,
    services,
    capabilities: verdicts.map((one) => one.capability),
    checkedAt: new Date(deps.clock.now()).toISOString(),
  };
}

/** Merges a fault that affects several capabilities into one reason. */
function critical(faults: readonly (Fault | null)[]): HealthReason[] {
  const byMessage = new Map(faults.filter((one) => one !== null).map((one) => [one.message, one]));
  return [...byMessage.values()].map((one) => ({ ...one, severity: "critical" }));
}

async function inspectEngine(deps: Deps, redisAnswers: boolean): Promise<{ seen: Seen | null; fault: Fault | null }> {
  if (!redisAnswers) return { seen: null, fault: null };
  try {
    const seen = await within(() => lookAtEngine(deps));
    return { seen, fault: seen.fault };
  } catch (error) {
    const message = `The state of the engine cannot be read: ${(error as Error).message}`;
    return { seen: null, fault: { service: "redis", message } };
  }
}

const quarantinedOf = async (deps: Deps) => (await deps.store.quarantined(1)).total;

function workers(seen: Seen): ServiceHealth {
  const alive = seen.workers.filter((worker) => worker.alive).length;
  const detail = `${alive} alive, tzdata ${zonesInUse().version} here`;
  return { name: "worker", ok: alive > 0, detail, latencyMs: null };
}

function selfTestOf({ selfTest, selfTestState }: Seen): ServiceHealth {
  const name = "self-test";
  if (selfTestState === null) return { name, ok: true, detail: "off", latencyMs: null };
  const { fireMs, recordMs } = selfTestState;
  const faults = Object.values(selfTest).flatMap((fault) => (fault === null ? [] : [fault.message]));
  const took =
    fireMs === null ? "no event has completed yet" : `published after ${fireMs} ms, recorded ${recordMs} ms later`;
  return { name, ok: faults.length === 0, detail: faults.join(" ") || took, latencyMs: fireMs };
}

async function pingRedis(deps: Deps, warnings: HealthReason[]): Promise<Omit<ServiceHealth, "name">> {
  const started = performance.now();
  await deps.connection.ping();
  const latencyMs = performance.now() - started;
  const { usedBytes, policy } = await deps.hot.memory();
  if (policy !== "noeviction") {
    const message = `maxmemory-policy is ${policy}: a full Redis drops schedules. It must be noeviction.`;
    warnings.push({ service: "redis", severity: "warning", message });
  }
  const persistence = await deps.hot.persistence();
  if (!persistence.isDurable) {
    const lost = "If it is lost, so are events that were just acknowledged and that ClickHouse does not have yet.";
    warnings.push({ service: "redis", severity: "warning", message: `${persistence.fault} ${lost}` });
  }
  return { ok: true, detail: `${(usedBytes / 2 ** 20).toFixed(1)} MiB used, ${policy}`, latencyMs };
}

function faultOf({ name, ok, detail }: StoreHealth): Fault | null {
  return ok ? null : { service: name, message: `${name}: ${detail}` };
}

async function checked(name: HealthPart, check: () => Promise<Omit<ServiceHealth, "name">>): Promise<StoreHealth> {
  try {
    return { name, ...(await within(check)) };
  } catch (error) {
    return { name, ok: false, detail: (error as Error).message, latencyMs: null };
  }
}
