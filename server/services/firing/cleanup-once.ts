import { AppError } from "~/server/domain/errors";
import type { Deps } from "../ctx";
import { expireAudit } from "./audit-retention";
import { applyRetentionPlan, planRetention, type RetentionSetting } from "./retention";

const DAY_MS = 86_400_000;
const FENCE_LIMIT = 10_000;

export interface CleanupReport {
  dryRun: boolean;
  /** Completed or deleted schedules older than the retention of executions. */
  schedules: number;
  executions: number;
  auditEntries: number;
  fences: number;
  /** Names of the tables whose retention was changed. */
  retentionChanged: string[];
  /** Shorter retentions that no change of a setting asked for, so they were not applied. Null `keptDays`: for ever. */
  retentionKept: { setting: RetentionSetting; wantedDays: number; keptDays: number | null }[];
}

/**
 * Applies the retention settings. Never deletes a schedule that still has an occurrence to fire, and never applies a
 * shorter retention that is only a default or the result of a lost setting.
 * @throws AppError `redis_unavailable`, also until the saved settings have been read; `clickhouse_unavailable`;
 * `query_timeout`.
 */
export async function cleanupOnce(deps: Deps, input: { dryRun: boolean }): Promise<CleanupReport> {
  const { dryRun } = input;
  if (!deps.settings.isKnown()) {
    throw new AppError(
      "redis_unavailable",
      "The saved settings have not been read yet, so nothing was deleted. Try again.",
    );
  }
  const plan = await planRetention(deps);
  const retentionChanged = dryRun ? [] : await applyRetentionPlan(deps, plan);
  const historyDays = plan.find((one) => one.setting === "executionHistoryTtlDays")?.days ?? null;
  const deleted =
    historyDays === null
      ? { schedules: 0, executions: 0 }
      : await deps.store.cleanup({ beforeMs: deps.clock.now() - historyDays * DAY_MS, dryRun });
  const fences = dryRun ? 0 : await deps.hot.expireFences({ limit: FENCE_LIMIT });
  const auditEntries = await expireAudit(deps, input);
  const retentionKept = plan
    .filter((one) => one.verdict === "refused")
    .map(({ setting, wantedDays, days }) => ({ setting, wantedDays, keptDays: days }));
  return { dryRun, ...deleted, auditEntries, fences, retentionChanged, retentionKept };
}
