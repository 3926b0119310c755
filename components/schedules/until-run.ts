import { formatRelative } from "~/components/ui/format";

const MINUTE_MS = 60_000;

/**
 * How long it is until a run: "in 5 min". After its time "due", and from a minute on with the age, until the next
 * response reports that it has fired. While all firing is paused (`isOnHold`): "All paused".
 */
export function untilRun({ atMs, nowMs, isOnHold }: { atMs: number; nowMs: number; isOnHold: boolean }): string {
  if (isOnHold) return "All paused";
  if (atMs > nowMs) return formatRelative(atMs, nowMs);
  return nowMs - atMs < MINUTE_MS ? "due" : `due ${formatRelative(atMs, nowMs)}`;
}
