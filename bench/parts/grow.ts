import type { Bench } from "./bench";
import type { Growth } from "./growth-svg";
import { short } from "./numbers";

/** The value at each size, smallest first, once each. */
export async function overSizes(
  bench: Bench,
  told: Omit<Growth, "points">,
  given: { sizes: readonly number[]; valueAt: (size: number) => Promise<number> },
): Promise<Growth> {
  const points: { size: number; value: number }[] = [];
  for (const size of given.sizes) {
    const value = await given.valueAt(size);
    points.push({ size, value });
    bench.say(`    ${size.toLocaleString("en")} ${told.size}: ${short(value)} ${told.unit}`);
  }
  return { ...told, points };
}
