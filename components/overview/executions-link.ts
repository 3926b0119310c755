import type { ChartOutcome } from "~/components/executions/histogram";
import { serializeRange, type TimeRange } from "~/components/filters/time-range";

/** Link to the executions of a time range and, if given, of some outcomes. */
export function executionsLink(range: TimeRange, status: readonly ChartOutcome[] = []): string {
  const query = new URLSearchParams({ range: serializeRange(range) });
  if (status.length > 0) query.set("status", status.join(","));
  return `/executions?${query}`;
}
