import type { Part } from "~/components/reach/reach-state";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatCounted, formatDuration, formatNumber, toSentenceCase } from "~/components/ui/format";
import type { SignalState } from "~/components/ui/signal-text";
import { HEALTH_LIMITS } from "~/server/domain/health-limits";

/** One item of the health strip: its state, a short text and a detail. */
export interface Signal {
  id: "workers" | "lag" | "redis" | "clickhouse" | "bus" | "breakers";
  label: string;
  state: SignalState;
  text: string;
  detail: string;
}

type Health = RouterOutputs["monitoring"]["health"];
type Engine = RouterOutputs["monitoring"]["engine"];

/** Labels of the services in the health check. */
export const SERVICE_LABELS: Readonly<Record<string, string>> = {
  redis: "Redis",
  clickhouse: "ClickHouse",
  bus: "Bus",
  worker: "Workers",
  "self-test": "Self-test",
};

/** The health check; undefined if the server does not respond, or if the check is older than the current outage. */
export function currentHealth(health: Health | undefined, unreachable: readonly Part[]): Health | undefined {
  // If the check lists an unreachable part as OK, the check is older than the outage.
  const isRefuted = health?.services.some(({ name, ok }) => ok && unreachable.some((part) => part === name));
  return isRefuted || !isServerReachable(unreachable) ? undefined : health;
}

const isServerReachable = (unreachable: readonly Part[]) =>
  !unreachable.includes("network") && !unreachable.includes("server");

/**
 * The items of the health strip, in fixed order. An item without an answer is `unknown`. `unreachable` has the parts
 * that do not respond.
 */
export function healthSignals(input: {
  health: Health | undefined;
  engine: Engine | undefined;
  unreachable: readonly Part[];
}): Signal[] {
  const { unreachable } = input;
  const health = currentHealth(input.health, unreachable);
  const engine = unreachable.includes("redis") || !isServerReachable(unreachable) ? undefined : input.engine;
  const usesOwnChecks = health === undefined && unreachable.length > 0 && isServerReachable(unreachable);
  const store = (id: "redis" | "clickhouse") =>
    usesOwnChecks ? ownCheckSignal(id, unreachable) : serviceSignal(id, health);
  return [
    workersSignal(engine),
    lagSignal(engine),
    store("redis"),
    withOutbox(store("clickhouse"), engine),
    serviceSignal("bus", health),
    breakersSignal(engine),
  ];
}

/** The state of a store from the page's own checks, until the server's next health check. */
function ownCheckSignal(id: "redis" | "clickhouse", unreachable: readonly Part[]): Signal {
  const base = { id, label: SERVICE_LABELS[id] ?? id };
  return unreachable.includes(id)
    ? { ...base, state: "critical", text: "Down", detail: "No answer" }
    : { ...base, state: "ok", text: "Up", detail: "Responds" };
}

/** Whether firing is behind, by the limits of the health check. */
export function lagState(engine: Pick<Engine, "oldestDueMs" | "overdue" | "pauseAll">): "ok" | "warning" | "critical" {
  // During a pause of all firing, events are late on purpose.
  if (engine.pauseAll.paused) return "ok";
  const { lateness, backlog } = HEALTH_LIMITS;
  if (engine.oldestDueMs >= lateness.critical || engine.overdue >= backlog.critical) return "critical";
  return engine.oldestDueMs >= lateness.warning || engine.overdue >= backlog.warning ? "warning" : "ok";
}

function workersSignal(engine: Engine | undefined): Signal {
  const base = { id: "workers", label: "Workers" } as const;
  if (!engine) return { ...base, state: "unknown", text: "Unknown", detail: "No answer" };
  const alive = engine.workers.filter((worker) => worker.alive);
  if (alive.length === 0) return { ...base, state: "critical", text: "None alive", detail: "Nothing fires" };
  const skewedCount = alive.filter((worker) => Math.abs(worker.clockSkewMs) > HEALTH_LIMITS.skewWarning).length;
  const failingCount = alive.filter((worker) => worker.loops.some((loop) => loop.lastError !== null)).length;
  const detail =
    skewedCount > 0
      ? `Clock skew on ${formatCounted(skewedCount, "worker")}`
      : failingCount > 0
        ? `Failing loops on ${formatCounted(failingCount, "worker")}`
        : `${formatNumber(engine.running)} running`;
  return {
    ...base,
    state: skewedCount > 0 || failingCount > 0 ? "warning" : "ok",
    text: `${alive.length} alive`,
    detail,
  };
}

function lagSignal(engine: Engine | undefined): Signal {
  const base = { id: "lag", label: "Lag" } as const;
  if (!engine) return { ...base, state: "unknown", text: "Unknown", detail: "No answer" };
  if (engine.pauseAll.paused) {
    return {
      ...base,
      state: "warning",
      text: "All paused",
      // Retries are due too, but are not in the list of next runs.
      detail: `${formatNumber(engine.overdue)} due, retries included`,
    };
  }
  const state = lagState(engine);
  const text = state === "ok" ? "On time" : `${formatDuration(engine.oldestDueMs)} behind`;
  return { ...base, state, text, detail: `${formatNumber(engine.overdue)} due and unclaimed` };
}

function serviceSignal(id: "redis" | "clickhouse" | "bus", health: Health | undefined): Signal {
  const base = { id, label: SERVICE_LABELS[id] ?? id };
  const service = health?.services.find((one) => one.name === id);
  if (!service) return { ...base, state: "unknown", text: "Unknown", detail: "No answer" };
  if (!service.ok) return { ...base, state: "critical", text: "Down", detail: toSentenceCase(service.detail) };
  const hasWarning = health?.reasons.some((reason) => reason.service === id && reason.severity === "warning");
  const answer =
    service.latencyMs === null ? toSentenceCase(service.detail) : `Responds in ${formatDuration(service.latencyMs)}`;
  return { ...base, state: hasWarning ? "warning" : "ok", text: hasWarning ? "Degraded" : "Up", detail: answer };
}

function breakersSignal(engine: Engine | undefined): Signal {
  const base = { id: "breakers", label: "Breakers" } as const;
  if (!engine) return { ...base, state: "unknown", text: "Unknown", detail: "No answer" };
  const open = engine.breakers.filter(({ state }) => state !== "closed");
  if (open.length === 0) {
    return { ...base, state: "ok", text: "All closed", detail: `${formatCounted(engine.held, "event")} held` };
  }
  return {
    ...base,
    state: "critical",
    text: `${open.length} open`,
    detail: open.map(({ target }) => target).join(", "),
  };
}

function withOutbox(signal: Signal, engine: Engine | undefined): Signal {
  if (signal.state !== "ok" || !engine || engine.outboxDepth <= HEALTH_LIMITS.outboxWarning) return signal;
  const detail = `${formatNumber(engine.outboxDepth)} changes not recorded`;
  return { ...signal, state: "warning", text: "Behind", detail };
}
