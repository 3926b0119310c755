import { HEALTH_LIMITS } from "~/server/domain/health-limits";
import { zonesInUse } from "~/server/domain/recurrence";
import type { Health, HealthReason, WorkerView } from "~/server/domain/views";
import type { Ctx, Deps } from "../ctx";
import { collectBreakers } from "./breakers";
import { loopReasons } from "./loop-health";
import { lastWatch } from "./watch";
import { listWorkers } from "./workers";

const CHECK_TIMEOUT_MS = 3000;

type ServiceHealth = Health["services"][number];

/** What works, what does not and why. Needs no caller; the transport decides how much of it to tell. */
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
  const services = [redis, clickhouse, bus];
  const reasons: HealthReason[] = services
    .filter((one) => !one.ok)
    .map((one) => ({
      service: one.name as HealthReason["service"],
      severity: "critical",
      message: `${one.name}: ${one.detail}`,
    }));
  reasons.push(...warnings);
  if (redis.ok) {
    const worker = await checked("worker", () => workerHealth(deps, reasons));
    services.push(worker);
    const isTold = reasons.some((one) => one.service === "worker" && one.severity === "critical");
    if (!worker.ok && !isTold) {
      reasons.push({ service: "worker", severity: "critical", message: `worker: ${worker.detail}` });
    }
  }
  const degraded = reasons.some((reason) => reason.severity === "critical");
  return {
    status: degraded ? "degraded" : "healthy",
    reasons,
    services,
    checkedAt: new Date(deps.clock.now()).toISOString(),
  };
}

async function pingRedis(deps: Deps, warnings: HealthReason[]): Promise<Omit<ServiceHealth, "name">> {
  const started = performance.now();
  await deps.redis.ping();
  const latencyMs = performance.now() - started;
  const { usedBytes, policy } = await deps.hot.memory();
  if (policy !== "noeviction") {
    const message = `maxmemory-policy is ${policy}: a full Redis drops schedules. It must be noeviction.`;
    warnings.push({ service: "redis", severity: "warning", message });
  }
  const persistence = await deps.hot.persistence();
  if (!persistence.isDurable) {
    const lost = "An event that was just acknowledged is lost with it until ClickHouse has it.";
    warnings.push({ service: "redis", severity: "warning", message: `${persistence.fault} ${lost}` });
  }
  return { ok: true, detail: `${(usedBytes / 2 ** 20).toFixed(1)} MiB used, ${policy}`, latencyMs };
}

async function workerHealth(deps: Deps, reasons: HealthReason[]): Promise<Omit<ServiceHealth, "name">> {
  // First: what makes the numbers below impossible to read usually makes a loop fail too, and its error says why.
  const workers = await listWorkers(deps);
  reasons.push(...loopReasons(workers, deps.clock.now()));
  const [quarantined, stats, breakers, watch] = await Promise.all([
    // A ClickHouse that is away has a reason of its own.
    deps.store.quarantined(1).then(
      ({ total }) => total,
      () => 0,
    ),
    deps.hot.stats(),
    collectBreakers(deps),
    lastWatch(deps),
  ]);
  const alive = workers.filter((worker) => worker.alive);
  if (alive.length === 0)
    reasons.push({ service: "worker", severity: "critical", message: "No worker is alive: nothing fires." });
  for (const breaker of breakers.filter((one) => one.state !== "closed")) {
    const held = breaker.held > 0 ? `; ${breaker.held} events are held` : "";
    const message = `The breaker of ${breaker.kind} ${breaker.target} is open${held}: ${breaker.error ?? "it fails"}`;
    reasons.push({ service: breaker.kind === "topic" ? "bus" : "clickhouse", severity: "warning", message });
  }
  if (watch !== null && watch.unexplained.length > 0) {
    const message = `${watch.unexplained.length} occurrences have no outcome and cannot be explained: ${watch.unexplained[0]}`;
    reasons.push({ service: "worker", severity: "warning", message });
  }
  for (const worker of alive) {
    if (Math.abs(worker.clockSkewMs) > HEALTH_LIMITS.skewWarning) {
      const message = `The clock of worker ${worker.workerId} is ${Math.round(worker.clockSkewMs)} ms off Redis.`;
      reasons.push({ service: "worker", severity: "warning", message });
    }
  }
  const disagreement = zonesDisagree(alive);
  if (disagreement !== null) reasons.push({ service: "worker", severity: "warning", message: disagreement });
  if (quarantined > 0) {
    const message = `${quarantined} ${quarantined === 1 ? "item waits" : "items wait"} in the quarantine for a decision (System page).`;
    reasons.push({ service: "worker", severity: "warning", message });
  }
  above(
    reasons,
    stats.outboxOldestMs,
    HEALTH_LIMITS.outboxAge,
    (n) => `The oldest change has waited ${Math.round(n / 1000)} s to be recorded in ClickHouse.`,
  );
  above(
    reasons,
    stats.oldestDueMs,
    HEALTH_LIMITS.lateness,
    (n) => `The oldest due event waits for ${Math.round(n / 1000)} s.`,
  );
  above(reasons, stats.overdue, HEALTH_LIMITS.backlog, (n) => `${n} events are due and not yet claimed.`);
  if (stats.outboxDepth > HEALTH_LIMITS.outboxWarning) {
    reasons.push({
      service: "clickhouse",
      severity: "warning",
      message: `${stats.outboxDepth} changes wait for ClickHouse.`,
    });
  }
  return {
    ok: alive.length > 0,
    detail: `${alive.length} alive, tzdata ${zonesInUse().version} here`,
    latencyMs: null,
  };
}

/** Two versions of the time zone rules plan the same schedule at different times. */
function zonesDisagree(workers: readonly WorkerView[]): string | null {
  const { version } = zonesInUse();
  const others = workers.filter(({ tzdata }) => tzdata !== null && tzdata.version !== version);
  if (others.length === 0) return null;
  const named = others.map(({ workerId, tzdata }) => `worker ${workerId} has ${tzdata?.version}`).join(", ");
  return `Time zone rules differ: web has tzdata ${version}, ${named}. Give all processes the same TZDATA_DIR or image.`;
}

function above(
  reasons: HealthReason[],
  value: number,
  limits: { warning: number; critical: number },
  message: (value: number) => string,
): void {
  if (value < limits.warning) return;
  reasons.push({
    service: "worker",
    severity: value < limits.critical ? "warning" : "critical",
    message: message(value),
  });
}

async function checked(name: string, check: () => Promise<Omit<ServiceHealth, "name">>): Promise<ServiceHealth> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    return { name, ...(await Promise.race([check(), timeout])) };
  } catch (error) {
    return { name, ok: false, detail: (error as Error).message, latencyMs: null };
  } finally {
    clearTimeout(timer);
  }
}
