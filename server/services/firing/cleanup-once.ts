import type { Deps } from "../ctx";

const DAY_MS = 86_400_000;
const FENCE_LIMIT = 10_000;

export interface CleanupReport {
  dryRun: boolean;
  /** Completed or deleted schedules older than the retention. Their history has its own. */
  schedules: number;
  executions: number;
  fences: number;
  retentionChanged: string[];
}

/** Applies the retention of the settings. Never touches a schedule that has something left to fire, however late it is. */
export async function cleanupOnce(deps: Deps, input: { dryRun: boolean }): Promise<CleanupReport> {
  const settings = deps.settings.current();
  const historyDays = settings.executionHistoryTtlDays;
  const changed = input.dryRun
    ? []
    : (await deps.store.applyRetention({ historyDays, analyticsDays: settings.analyticsRetentionDays })).changed;
  const beforeMs = deps.clock.now() - historyDays * DAY_MS;
  const { schedules, executions } = await deps.store.cleanup({ beforeMs, dryRun: input.dryRun });
  const fences = input.dryRun ? 0 : await deps.hot.expireFences({ limit: FENCE_LIMIT });
  return { dryRun: input.dryRun, schedules, executions, fences, retentionChanged: changed };
}
