import type { Bench } from "./bench";
import { median } from "./numbers";

/** Runs the product and the peer alternately, so that other load on the machine affects both. */
export async function measureAlternately(
  bench: Bench,
  sides: { ours: () => Promise<number>; peer?: () => Promise<number> },
): Promise<{ ours: number; peer: number | null; runs: { ours: number[]; peer: number[] } }> {
  const runs = { ours: [] as number[], peer: [] as number[] };
  for (let run = 0; run < bench.runs; run += 1) {
    if (sides.peer) runs.peer.push(await sides.peer());
    runs.ours.push(await sides.ours());
  }
  return { ours: median(runs.ours), peer: sides.peer ? median(runs.peer) : null, runs };
}
