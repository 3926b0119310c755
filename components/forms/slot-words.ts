import type { RouterOutputs } from "~/components/trpc/client";
import { formatCounted, formatInstant, formatNumber, wallTime } from "~/components/ui/format";

type Slot = NonNullable<RouterOutputs["upcoming"]["suggestSlot"]>;

type Time = NonNullable<RouterOutputs["upcoming"]["suggestTime"]>;

const twoDigits = (value: number) => String(value).padStart(2, "0");

/**
 * The suggested minute for a cron, as a sentence. Times are in the schedule's zone. If several occurrences were
 * compared, the text omits the hour and gives the highest number of firings.
 */
export function slotText({ wanted, best, compared, from }: Slot, zone: string): string {
  const hour = compared === 1 ? twoDigits(wallTime(Date.parse(from), zone).hour) : "";
  const at = (minute: number) => `${hour}:${twoDigits(minute)}`;
  const has = (firings: number) =>
    compared === 1 ? formatCounted(firings, "firing") : `at most ${formatCounted(firings, "firing")} in a minute`;
  if (best.minute === wanted.minute)
    return `No minute near ${at(wanted.minute)} is less loaded (${has(wanted.firings)}).`;
  return `Least loaded minute near ${at(wanted.minute)}: ${at(best.minute)} (${has(best.firings)}; ${at(wanted.minute)} has ${formatNumber(wanted.firings)}).`;
}

/** The suggested time for a one-time schedule, as a sentence. `zone` is the schedule's. Adds dates if days differ. */
export function timeText({ wanted, best }: Time, zone: string): string {
  const wall = (at: string) => wallTime(Date.parse(at), zone);
  const isSameDay = wall(wanted.at).day === wall(best.at).day;
  const precision = wall(wanted.at).second === 0 ? "minute" : "second";
  const text = (at: string) =>
    formatInstant(Date.parse(at), { zone, hour12: false, precision, format: isSameDay ? "time" : "short" });
  const near = text(wanted.at);
  if (best.at === wanted.at)
    return `No minute near ${near} is less loaded (${formatCounted(wanted.firings, "firing")}).`;
  return `Least loaded minute near ${near}: ${text(best.at)} (${formatCounted(best.firings, "firing")}; ${near} has ${formatNumber(wanted.firings)}).`;
}
