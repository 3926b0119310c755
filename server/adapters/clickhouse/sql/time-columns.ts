import { EARLIEST_MS, LATEST_MS } from "~/server/domain/instant";

/** Epoch ms as ISO text for a DateTime64(3, 'UTC') column, clamped to the range of times that the product accepts. */
export function stamp(ms: number): string {
  const known = recent.get(ms);
  if (known !== undefined) return known;
  if (recent.size >= MAX_RECENT) recent.clear();
  const text = new Date(Math.min(LATEST_MS, Math.max(EARLIEST_MS, ms))).toISOString();
  recent.set(ms, text);
  return text;
}

/** Caches formatted times: the rows of a batch share a few times. */
const recent = new Map<number, string>();
const MAX_RECENT = 1000;

/** Like `stamp`; null stays null. */
export function stampOrNull(ms: number | null): string | null {
  return ms === null ? null : stamp(ms);
}

/** The placeholder of an instant in epoch ms. */
export function instant(name: string): string {
  return `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
}

/** A DateTime64 column as epoch ms; null if the column is null. */
export function epochMs(column: string): string {
  return `toUnixTimestamp64Milli(${column})`;
}
