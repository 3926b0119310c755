import { replayedKey, replayKey, replayNumber } from "~/server/domain/ids";
import type { InFlight } from "~/server/ports/hot/instances";
import type { Deps } from "../ctx";
import { MAX_REPLAYS } from "./replay-limit";

/** How many replays are looked up at once. Replays have consecutive numbers. */
const LOOKED_UP = 20;

/** The keys of the original of an occurrence and of all its possible replays. The index is the replay's number. */
export function lineageKeys(key: string): string[] {
  const original = replayedKey(key) ?? key;
  return [original, ...Array.from({ length: MAX_REPLAYS }, (_, index) => replayKey(original, index + 1))];
}

/** Returns which of `keys`, the lineage of `key`, are in flight. Skips the replays whose numbers are in `ended`. */
export async function lineageInFlight(
  deps: Pick<Deps, "hot">,
  { key, keys, ended }: { key: string; keys: readonly string[]; ended: ReadonlySet<number> },
): Promise<Map<string, InFlight>> {
  const end = Math.max(replayNumber(key), ...ended) + 1;
  const found = await deps.hot.inFlight(keys.slice(0, end).filter((_, number) => !ended.has(number)));
  for (let from = end; from < keys.length; from += LOOKED_UP) {
    const more = await deps.hot.inFlight(keys.slice(from, from + LOOKED_UP));
    if (more.size === 0) break;
    for (const [other, one] of more) found.set(other, one);
  }
  return found;
}
