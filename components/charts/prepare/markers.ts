/** A marker on the time axis: an edit, a pause, an outage. */
export interface ChartMarker {
  /** Epoch ms. */
  at: number;
  label: string;
}

/** If a bucket has more labels, the rest is only counted. */
const MAX_LABELS = 4;

/** The labels of the markers in `[at, end)`, for the bucket's tooltip; undefined if there are none. */
export function labelsIn(bucket: { at: number; end: number }, markers: readonly ChartMarker[]): string | undefined {
  const labels = markers.filter(({ at }) => at >= bucket.at && at < bucket.end).map(({ label }) => label);
  if (labels.length === 0) return undefined;
  const shown = labels.slice(0, MAX_LABELS).join("; ");
  return labels.length > MAX_LABELS ? `${shown}; ${labels.length - MAX_LABELS} more` : shown;
}

/** The buckets with at least one marker. A chart draws one line per marked bucket, not per marker. */
export function markedBuckets<B extends { at: number; end: number }>(
  buckets: readonly B[],
  markers: readonly ChartMarker[],
): B[] {
  return buckets.filter(({ at, end }) => markers.some((marker) => marker.at >= at && marker.at < end));
}
