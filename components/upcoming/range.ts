const HOUR_MS = 3_600_000;

export const UPCOMING_PRESETS = {
  "24h": { label: "Next 24 hours", hours: 24 },
  "7d": { label: "Next 7 days", hours: 168 },
} as const;
type UpcomingPreset = keyof typeof UPCOMING_PRESETS;

/** A range from now on, or two fixed instants (epoch ms, `to` exclusive). */
export type UpcomingRange = { preset: UpcomingPreset } | { from: number; to: number };

export const DEFAULT_UPCOMING: UpcomingRange = { preset: "24h" };

/** Epoch ms of both ends at `nowMs`. */
export function resolveUpcoming(range: UpcomingRange, nowMs: number): { from: number; to: number } {
  if (!("preset" in range)) return range;
  return { from: nowMs, to: nowMs + UPCOMING_PRESETS[range.preset].hours * HOUR_MS };
}

/** For the URL: "24h", or two instants in ISO 8601 UTC, separated by a slash. */
export function serializeUpcoming(range: UpcomingRange): string {
  if ("preset" in range) return range.preset;
  return `${new Date(range.from).toISOString()}/${new Date(range.to).toISOString()}`;
}

/** Reads the text of `serializeUpcoming`; null for text that is no range, and for an empty or reversed range. */
export function parseUpcoming(text: string): UpcomingRange | null {
  if (Object.hasOwn(UPCOMING_PRESETS, text)) return { preset: text as UpcomingPreset };
  const [from = Number.NaN, to = Number.NaN, ...rest] = text.split("/").map((part) => Date.parse(part));
  return rest.length === 0 && from < to ? { from, to } : null;
}

/** A range as input of a call: hours from now on, or two instants in ISO 8601 UTC. */
export function rangeInput(range: UpcomingRange): { hours: number } | { from: string; to: string } {
  if ("preset" in range) return { hours: UPCOMING_PRESETS[range.preset].hours };
  return { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
}
