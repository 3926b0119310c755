import { HEALTH_CODES, type HealthCode } from "~/server/domain/choices";
import { HEALTH_LIMITS } from "~/server/domain/health-limits";
import { zonesInUse } from "~/server/domain/recurrence";
import { shownActor } from "~/server/domain/shown-actor";
import type { HealthReason, WorkerView } from "~/server/domain/views";
import type { Deps } from "../ctx";
import { lastWatch } from "../firing/watch-report";
import type { EngineState } from "./engine-state";

/**
 * Returns the health reasons of the hot tier and the workers.
 *
 * @param quarantinedCount the number of items without a decision
 */
export async function engineReasons(
  deps: Deps,
  engine: EngineState,
  quarantinedCount: number,
): Promise<HealthReason[]> {
  const reasons: HealthReason[] = [];
  const warn = (code: HealthCode, message: string) =>
    reasons.push({ code, service: HEALTH_CODES[code], severity: "warning", message });
  const watch = await lastWatch(deps);
  if (watch !== null && watch.unexplainedCount > 0) {
    const { unexplainedCount, unexplained } = watch;
    const are = unexplainedCount === 1 ? "occurrence is" : "occurrences are";
    warn("outcomes_missing", `${unexplainedCount} ${are} missing without an outcome, such as ${unexplained[0]}`);
  }
  const alive = engine.workers.filter((worker) => worker.alive);
  for (const { workerId, clockSkewMs } of alive) {
    if (Math.abs(clockSkewMs) > HEALTH_LIMITS.skewWarning)
      warn("clock_skew", `The clock of worker ${workerId} is ${Math.round(clockSkewMs)} ms off Redis.`);
  }
  const difference = zoneDifference(alive);
  if (difference !== null) warn("zones_differ", difference);
  if (quarantinedCount > 0) {
    const wait = quarantinedCount === 1 ? "item waits" : "items wait";
    warn("quarantine_waits", `${quarantinedCount} ${wait} in the quarantine for a decision (System page).`);
  }
  if (engine.pauseAll !== null) {
    const { pausedBy, pausedAtMs, untilMs, reason } = engine.pauseAll;
    const until = untilMs === null ? "until someone resumes it" : `until ${new Date(untilMs).toISOString()}`;
    warn(
      "all_paused",
      `All firing is paused by ${shownActor(pausedBy)} since ${new Date(pausedAtMs).toISOString()}, ${until}: ${reason}`,
    );
  }
  const { stats } = engine;
  if (stats === null) return reasons;
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  reasons.push(
    ...reasonIfAbove("recording_behind", stats.outboxOldestAgeMs, HEALTH_LIMITS.outboxAge, (ms) => {
      return `The oldest change has waited ${seconds(ms)} to be recorded in ClickHouse.`;
    }),
    ...reasonIfAbove(
      "firing_late",
      stats.oldestDueAgeMs,
      HEALTH_LIMITS.lateness,
      (ms) => `The oldest due event has waited ${seconds(ms)}.`,
    ),
    ...reasonIfAbove(
      "firing_backlog",
      stats.overdue,
      HEALTH_LIMITS.backlog,
      (n) => `${n} events are due and not yet claimed.`,
    ),
  );
  if (stats.outboxDepth > HEALTH_LIMITS.outboxWarning)
    warn("recording_behind", `${stats.outboxDepth} changes wait for ClickHouse.`);
  return reasons;
}

/** Returns a warning if processes have different time zone rules, because they would plan different times. */
function zoneDifference(workers: readonly WorkerView[]): string | null {
  const { version } = zonesInUse();
  const others = workers.filter(({ tzdata }) => tzdata !== null && tzdata.version !== version);
  if (others.length === 0) return null;
  const named = others.map(({ workerId, tzdata }) => `worker ${workerId} has ${tzdata?.version}`).join(", ");
  return `Time zone rules differ: web has tzdata ${version}, ${named}. Give all processes the same TZDATA_DIR or image.`;
}

function reasonIfAbove(
  code: HealthCode,
  value: number,
  limits: { warning: number; critical: number },
  message: (value: number) => string,
): HealthReason[] {
  if (value < limits.warning) return [];
  const severity = value < limits.critical ? "warning" : "critical";
  return [{ code, service: HEALTH_CODES[code], severity, message: message(value) }];
}
