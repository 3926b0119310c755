import type { Bench } from "./bench";
import type { Growth } from "./growth-svg";
import { short } from "./numbers";

/** Measures the value once at each size, smallest first. */
export async function measureSizes(
  bench: Bench,
  labels: Omit<Growth, "points">,
  given: { sizes: readonly number[]; valueAt: (size: number) => Promise<number> },
): Promise<Growth> {
  const points: { size: number; value: number }[] = [];
  for (const size of given.sizes) {
    const value = await given.valueAt(size);
    points.push({ size, value });
    bench.say(`    ${size.toLocaleString("en")} ${labels.size}: ${short(value)} ${labels.unit}`);
  }
  return { ...labels, points };
}
