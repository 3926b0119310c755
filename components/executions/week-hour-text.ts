import { HOUR_LABELS, WEEKDAY_LABELS } from "~/components/charts/prepare/heatmap";
import { zoneOffsetMinutes } from "~/components/ui/format";
import { isZone } from "~/components/ui/zones";

/**
 * "Mon 09:00 – 10:00": the filter by weekday (1 is Monday) and hour; null stands for all. The filter selects hours of
 * UTC, which begin and end at half past in a zone such as UTC+05:30.
 */
export function weekHourText(
  { weekday, hour }: { weekday: number | null; hour: number | null },
  { zone, nowMs }: { zone: string; nowMs: number },
): string {
  const day = weekday === null ? "" : (WEEKDAY_LABELS[weekday - 1] ?? String(weekday));
  if (hour === null) return day;
  // The zone is from the URL. The list shows the error of an unknown zone.
  const offsetMinutes = isZone(zone) ? zoneOffsetMinutes(nowMs, zone) : 0;
  const minutes = String((offsetMinutes + 24 * 60) % 60).padStart(2, "0");
  const time = `${HOUR_LABELS[hour] ?? hour}:${minutes} – ${HOUR_LABELS[(hour + 1) % 24]}:${minutes}`;
  return [day, time].filter(Boolean).join(" ");
}
