import { type Bucket, mergeBuckets } from "~/components/charts/prepare/buckets";
import { zoneOffsetMs } from "~/components/ui/format";

const MINUTE_MS = 60_000;
/** Lengths of bars, each a divisor of an hour or a day, so that bars begin at round times. */
const BAR_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];
const MIN_BAR_PX = 3;
/** What the tooltip says of an unfinished bar. */
export const PARTLY_IN_RANGE = "only partly in the range";

/**
 * Merges buckets so that each bar has at least `MIN_BAR_PX`. Merged bars begin at round times of the zone; the first
 * and the last may be shorter than the others, and are then unfinished.
 *
 * @param widthPx null while the width is unknown
 */
export function loadBars(
  buckets: readonly Bucket<string>[],
  { bucketMs, widthPx, zone }: { bucketMs: number; widthPx: number | null; zone: string },
): { bars: Bucket<string>[]; barMs: number } {
  const barMs = barMsFor(buckets.length, { bucketMs, widthPx });
  if (barMs === bucketMs) return { bars: [...buckets], barMs };
  const groups = new Map<string, Bucket<string>[]>();
  for (const bucket of buckets) {
    const offset = zoneOffsetMs(bucket.at, zone);
    // With the offset, because an hour that occurs twice is two bars.
    const key = `${offset} ${Math.floor((bucket.at + offset) / barMs)}`;
    groups.set(key, [...(groups.get(key) ?? []), bucket]);
  }
  const bars = [...groups.values()].map((group) => {
    const bar = mergeBuckets(group, "sum");
    return { ...bar, isUnfinished: group.some(({ isUnfinished }) => isUnfinished), unfinishedText: PARTLY_IN_RANGE };
  });
  for (const edge of [bars[0], bars.at(-1)]) if (edge && edge.end - edge.at < barMs) edge.isUnfinished = true;
  return { bars, barMs };
}

function barMsFor(count: number, { bucketMs, widthPx }: { bucketMs: number; widthPx: number | null }): number {
  if (widthPx === null || widthPx === 0) return bucketMs;
  const lengths = BAR_MINUTES.map((minutes) => minutes * MINUTE_MS).filter(
    (ms) => ms >= bucketMs && ms % bucketMs === 0,
  );
  const fits = lengths.find((ms) => (widthPx * ms) / (count * bucketMs) >= MIN_BAR_PX);
  return fits ?? lengths.at(-1) ?? bucketMs;
}
