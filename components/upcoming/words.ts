import type { RouterOutputs } from "~/components/trpc/client";
import { formatCounted, formatDuration, formatNumber } from "~/components/ui/format";

export type UpcomingLoad = RouterOutputs["upcoming"]["load"];
type ClockChange = UpcomingLoad["clockChanges"][number];

/** A number of expected firings. Jitter makes fractions of a firing, so numbers below 10 have one decimal. */
export function formatFirings(firings: number): string {
  if (firings === 0 || firings >= 10 || Number.isInteger(firings)) return formatNumber(Math.round(firings));
  return firings < 0.1 ? "under 0.1" : formatNumber(firings, 1);
}

/**
 * The measured peak in the unit of the bars. It was measured in buckets. If several buckets make one bar, the peak is
 * given as a rate, because the peak of a whole bar is unknown.
 */
export function measuredPeak(
  bucketPeak: number,
  { bucketSeconds, barSeconds }: { bucketSeconds: number; barSeconds: number },
): { value: number; text: string; label: string } {
  const measured = `${formatFirings(bucketPeak)} in ${formatDuration(bucketSeconds * 1000)}`;
  const bar = formatDuration(barSeconds * 1000);
  if (barSeconds === bucketSeconds) return { value: bucketPeak, text: measured, label: `measured peak in ${bar}` };
  const value = (bucketPeak * barSeconds) / bucketSeconds;
  const text = `${measured}, a rate of ${formatFirings(value)} in ${bar}`;
  return { value, text, label: `measured peak rate (${measured})` };
}

/** By the number of firings as shown, highest first, and by time if they are shown as equal. */
export function byShownFirings(a: { at: string; firings: number }, b: { at: string; firings: number }): number {
  const shown = ({ firings }: { firings: number }) =>
    Math.round(firings * (firings >= 10 ? 1 : 10)) / (firings >= 10 ? 1 : 10);
  return shown(b) - shown(a) || Date.parse(a.at) - Date.parse(b.at);
}

/** "1 firing", "412 firings", "0.5 firings". */
export function countedFirings(firings: number): string {
  return `${formatFirings(firings)} ${firings === 1 ? "firing" : "firings"}`;
}

/** "Clocks go forward 1 h in Europe/Berlin and 3 more time zones". */
export function clockChangeTitle({ shiftSeconds, timezones, moreTimezones }: ClockChange): string {
  const direction = shiftSeconds > 0 ? "forward" : "back";
  const names = timezones.map((zone) => zone.replaceAll("_", " ")).join(", ");
  const more = moreTimezones > 0 ? ` and ${formatCounted(moreTimezones, "more time zone")}` : "";
  return `Clocks go ${direction} ${formatDuration(Math.abs(shiftSeconds) * 1000)} in ${names}${more}`;
}

/** The effect of a clock change on the schedules of its zones. */
export function clockChangeEffect(change: ClockChange): string {
  const { schedules, moved, skipped, repeated, shiftSeconds } = change;
  const zones = change.timezones.length + change.moreTimezones;
  const effects = [
    moved > 0
      ? `${formatCounted(moved, "run")} at a local time that does not exist ${moved === 1 ? "is" : "are"} moved`
      : "",
    skipped > 0 ? `${formatCounted(skipped, "run")} ${skipped === 1 ? "is" : "are"} skipped` : "",
    repeated > 0
      ? `${formatCounted(repeated, "run")} ${repeated === 1 ? "falls" : "fall"} into the time that occurs twice`
      : "",
  ].filter(Boolean);
  const zone = `${formatCounted(schedules, "schedule")} in ${zones === 1 ? "this zone" : "these zones"}`;
  if (effects.length > 0) return `${zone}: ${effects.join(", ")}.`;
  return `${zone}: no run falls into the ${shiftSeconds > 0 ? "gap" : "repeated time"}.`;
}

/** Why some schedules are not counted; null if all are counted. */
export function coverageText({ schedules, counted }: UpcomingLoad["coverage"]): string | null {
  if (counted >= schedules) return null;
  return (
    `Computed for ${formatNumber(counted)} of ${formatCounted(schedules, "schedule")} that may fire in this range. ` +
    "The other schedules have times that few schedules share; filter by topic or tag to include them."
  );
}
