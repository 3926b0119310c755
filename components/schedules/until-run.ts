import { formatRelative } from "~/components/ui/format";

const MINUTE_MS = 60_000;

/**
 * How long it is until a run: "in 5 min". After its time "due", and from a minute on with the age, until the next
 * response reports that it has fired. The run may fire up to `jitterMs` after its time. While all firing is paused
 * (`isAllPaused`): "All paused".
 */
export function untilRun({
  atMs,
  jitterMs,
  nowMs,
  isAllPaused,
}: {
  atMs: number;
  jitterMs: number;
  nowMs: number;
  isAllPaused: boolean;
}): string {
  if (isAllPaused) return "All paused";
  if (atMs > nowMs) return formatRelative(atMs, nowMs);
  return nowMs - atMs - jitterMs < MINUTE_MS ? "due" : `due ${formatRelative(atMs, nowMs)}`;
}
