import { isInGap, NEIGHBOURHOOD_MS } from "./dst";
import { offsetAt, transitions, zoneOf } from "./zone";
import type { Transition } from "./zone-rules";

export interface LocalInstants {
  /**
   * The instants at which the clock shows the local time: one, two in an overlap, none in a gap. Epoch ms, oldest
   * first.
   */
  instants: number[];
  /** The clock change whose gap contains this local time; null outside a gap. */
  gap: Transition | null;
}

/**
 * Resolves a local time, given as epoch ms as if UTC.
 * @throws AppError `timezone_unknown`
 */
export function resolveLocal(timezone: string, wallMs: number): LocalInstants {
  const zone = zoneOf(timezone);
  const range = { fromMs: wallMs - NEIGHBOURHOOD_MS, untilMs: wallMs + NEIGHBOURHOOD_MS };
  const changes = [...transitions(zone, range)];
  const offsets = new Set(changes.flatMap((one) => [one.oldOffsetMs, one.newOffsetMs]));
  if (changes.length === 0) offsets.add(offsetAt(zone, wallMs));
  const instants = [...offsets].map((offset) => wallMs - offset).filter((ms) => ms + offsetAt(zone, ms) === wallMs);
  const gap = changes.find((change) => isInGap(change, wallMs)) ?? null;
  return { instants: instants.sort((a, b) => a - b), gap: instants.length === 0 ? gap : null };
}
