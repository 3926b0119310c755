import { formatCounted } from "~/components/ui/format";

/** How often a cron fires, from its runs in the next 24 hours and 7 days; null if it does not fire in 7 days. */
export function runCountsText({ nextDay, nextWeek }: { nextDay: number; nextWeek: number }): string | null {
  if (nextWeek === 0) return null;
  if (nextDay > 0 && nextWeek === 7 * nextDay) return `${formatCounted(nextDay, "run")} a day`;
  return `${formatCounted(nextWeek, "run")} in 7 days`;
}
