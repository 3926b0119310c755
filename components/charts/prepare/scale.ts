const STEPS = [1, 2, 2.5, 5, 10];
const SPACES = 4;

/** Labels of a count axis: evenly spaced round integers from 0 to at least `max`, the top of the chart. */
export function countTicks(max: number): number[] {
  const rough = Math.max(1, max / SPACES);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough && Number.isInteger(one * power)) ?? 10);
  return Array.from({ length: Math.max(1, Math.ceil(max / step)) + 1 }, (_, n) => n * step);
}
