import { formatRelative } from "~/components/ui/format";

const MINUTE_MS = 60_000;

/**
 * How long it is until a run: "in 5 min". After its time "due", and from a minute on with the age, until the next
 * response reports that it has fired. While all firing is paused (`isAllPaused`): "All paused".
 */
export function untilRun({ atMs, nowMs, isAllPaused }: { atMs: number; nowMs: number; isAllPaused: boolean }): string {
  if (isAllPaused) return "All paused";
  if (atMs > nowMs) return formatRelative(atMs, nowMs);
  return nowMs - atMs < MINUTE_MS ? "due" : `due ${formatRelative(atMs, nowMs)}`;
}
