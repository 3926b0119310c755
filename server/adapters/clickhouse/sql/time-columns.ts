import { EARLIEST_MS, LATEST_MS } from "~/server/domain/instant";

/**
 * Epoch ms as ISO text for a DateTime64(3, 'UTC') column; beyond what the type can hold it is the nearest that it can.
 */
export function stamp(ms: number): string {
  const known = recent.get(ms);
  if (known !== undefined) return known;
  if (recent.size >= MAX_RECENT) recent.clear();
  const text = new Date(Math.min(LATEST_MS, Math.max(EARLIEST_MS, ms))).toISOString();
  recent.set(ms, text);
  return text;
}

/** A batch has the same few times over and over. */
const recent = new Map<number, string>();
const MAX_RECENT = 1000;

/** As `stamp`; null stays null. */
export function stampOrNull(ms: number | null): string | null {
  return ms === null ? null : stamp(ms);
}

/** Placeholder of an instant given as epoch ms. */
export function instant(name: string): string {
  return `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
}

/** Epoch ms of a DateTime64 column as a number, null where the column is null. */
export function epochMs(column: string): string {
  return `toUnixTimestamp64Milli(${column})`;
}
