const STEPS = [1, 2, 2.5, 5, 10];
const SPACES = 4;

/**
 * Round whole numbers from 0 to at least `max`, evenly apart: what the axis of counts says. The last one is the top of
 * the drawing.
 */
export function countTicks(max: number): number[] {
  const rough = Math.max(1, max / SPACES);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough && Number.isInteger(one * power)) ?? 10);
  return Array.from({ length: Math.max(1, Math.ceil(max / step)) + 1 }, (_, n) => n * step);
}
