import { z } from "zod";
import type { Deps } from "../ctx";

const WatchReportSchema = z.object({
  at: z.string(),
  /** What was due up to here has been compared. */
  until: z.string(),
  schedules: z.number(),
  occurrences: z.number(),
  /** Schedules that were due and missing in Redis, and were put back. */
  restored: z.number(),
  /** Occurrences without outcome and without a place, which were put back. */
  healed: z.number(),
  /** Keys of occurrences that have none although they were put back before; the first few. */
  unexplained: z.array(z.string()),
});
/** What the watchdog found at its last look. */
export type WatchReport = z.infer<typeof WatchReportSchema>;

/** The last look of whichever worker made it; null before the first, and after a loss of Redis. */
export async function lastWatch(deps: Deps): Promise<WatchReport | null> {
  const json = await deps.reports.read("watch");
  return json === null ? null : WatchReportSchema.parse(JSON.parse(json));
}

export async function keepWatch(deps: Deps, report: WatchReport): Promise<void> {
  await deps.reports.write("watch", JSON.stringify(report));
}
