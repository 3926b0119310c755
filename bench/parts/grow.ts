import type { Bench } from "./bench";
import type { Growth } from "./growth-svg";
import { formatNumber } from "./numbers";

/** Measures the value once at each size. */
export async function measureSizes(
  bench: Bench,
  labels: Omit<Growth, "points">,
  input: { sizes: readonly number[]; valueAt: (size: number) => Promise<number> },
): Promise<Growth> {
  const points: { size: number; value: number }[] = [];
  for (const size of input.sizes) {
    const value = await input.valueAt(size);
    points.push({ size, value });
    bench.say(`    ${size.toLocaleString("en")} ${labels.sizeUnit}: ${formatNumber(value)} ${labels.unit}`);
  }
  return { ...labels, points };
}
