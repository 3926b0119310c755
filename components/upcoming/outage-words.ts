import { formatCounted, formatDuration, formatNumber } from "~/components/ui/format";
import type { NotRun } from "~/server/domain/load/outage";
import type { NotRunCounts, OutageRow } from "~/server/domain/views";

/** Why missed runs do not fire. The catch-up policies are named as in the schedule form. */
const NOT_RUN_TEXTS: Record<NotRun, string> = {
  policy_none: "skipped by the catch-up policy “Skip them”",
  merged_into_last: "replaced by the last run (policy “Run the last one”)",
  over_limit: "skipped: over the maximum catch-up runs",
  outside_window: "skipped: older than the catch-up window",
  max_delay: "expired: later than the maximum delay",
  schedule_ended: "skipped: the schedule reaches its maximum runs",
};
const ORDER = Object.keys(NOT_RUN_TEXTS) as NotRun[];

/** The reasons with their counts, in a fixed order; empty if all runs fire. */
export function notRunLines(counts: NotRunCounts): { why: NotRun; count: number; text: string }[] {
  return ORDER.flatMap((why) => {
    const count = counts[why] ?? 0;
    return count > 0 ? [{ why, count, text: NOT_RUN_TEXTS[why] }] : [];
  });
}

/** "Skip them", "Run the last one, if at most 1 d old", "Run all of them, at most 100, if at most 1 d old". */
export function policyText({
  policy,
  windowSeconds,
  catchUpMaxRuns,
}: Pick<OutageRow, "policy" | "windowSeconds" | "catchUpMaxRuns">): string {
  const window = `if at most ${formatDuration(windowSeconds * 1000)} old`;
  if (policy === "none") return "Skip them";
  if (policy === "last") return `Run the last one, ${window}`;
  return `Run all of them, at most ${formatNumber(catchUpMaxRuns)}, ${window}`;
}

/** How many runs of a group fire after the outage, and how. */
export function runsText({ runs, byCatchUp }: Pick<OutageRow, "runs" | "byCatchUp">): string {
  if (runs === 0) return "None";
  return `${formatCounted(runs, "run")}${byCatchUp ? ", through catch-up" : ", at most a minute late"}`;
}
