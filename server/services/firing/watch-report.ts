import { z } from "zod";
import type { Deps } from "../ctx";

const WatchReportSchema = z.object({
  at: z.string(),
  /** Occurrences that were due before this time have been checked. */
  until: z.string(),
  schedules: z.number(),
  occurrences: z.number(),
  /** Schedules that were due, missing in Redis and restored. */
  restored: z.number(),
  /** Lost occurrences that were restored or, if their schedule was deleted, recorded as cancelled. */
  healed: z.number(),
  /** The first few keys of occurrences that are missing although they were restored before. */
  unexplained: z.array(z.string()),
  /** The number of all such occurrences. Reports of earlier releases do not have it. */
  unexplainedCount: z.number().optional(),
});
export type WatchReport = Required<z.infer<typeof WatchReportSchema>>;

/** The last report of any worker; null before the first report and after a loss of Redis. */
export async function lastWatch(deps: Deps): Promise<WatchReport | null> {
  const json = await deps.reports.read("watch");
  if (json === null) return null;
  const report = WatchReportSchema.parse(JSON.parse(json));
  return { ...report, unexplainedCount: report.unexplainedCount ?? report.unexplained.length };
}

export async function storeWatch(deps: Deps, report: WatchReport): Promise<void> {
  await deps.reports.write("watch", JSON.stringify(report));
}
