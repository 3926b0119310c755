import { AppError } from "~/server/domain/errors";
import type { Deps } from "../ctx";
import { applyRetentionPlan, planRetention, type RetentionSetting } from "./retention";

const DAY_MS = 86_400_000;
const FENCE_LIMIT = 10_000;

export interface CleanupReport {
  dryRun: boolean;
  /** Completed or deleted schedules older than the retention. Their history has its own. */
  schedules: number;
  executions: number;
  fences: number;
  retentionChanged: string[];
  /**
   * Shorter retentions that are in force although nobody has asked for them, and are not applied. Null keeps for ever.
   */
  retentionKept: { setting: RetentionSetting; wantedDays: number; keptDays: number | null }[];
}

/**
 * Applies the retention of the settings. Never touches a schedule that has something left to fire, however late it is,
 * and never deletes by a retention that nobody has asked for.
 * @throws AppError `redis_unavailable` while the saved settings are not known; `clickhouse_unavailable`.
 */
export async function cleanupOnce(deps: Deps, input: { dryRun: boolean }): Promise<CleanupReport> {
  const { dryRun } = input;
  if (!deps.settings.isKnown()) {
    throw new AppError("redis_unavailable", "The saved settings are not known yet, so nothing is deleted. Try again.");
  }
  const plan = await planRetention(deps);
  const retentionChanged = dryRun ? [] : await applyRetentionPlan(deps, plan);
  const historyDays = plan.find((one) => one.setting === "executionHistoryTtlDays")?.days ?? null;
  const old =
    historyDays === null
      ? { schedules: 0, executions: 0 }
      : await deps.store.cleanup({ beforeMs: deps.clock.now() - historyDays * DAY_MS, dryRun });
  const fences = dryRun ? 0 : await deps.hot.expireFences({ limit: FENCE_LIMIT });
  const retentionKept = plan
    .filter((one) => one.what === "refused")
    .map(({ setting, wantedDays, days }) => ({ setting, wantedDays, keptDays: days }));
  return { dryRun, ...old, fences, retentionChanged, retentionKept };
}
