/** Round steps between ticks, as multiples of a power of ten. */
const STEPS = [1, 2, 2.5, 5, 10];

/** The axis is divided into about this many steps. */
const STEP_COUNT = 4;

/** The ticks of a count axis: round integers from 0. The last tick, the top of the chart, is at least `max`. */
export function countTicks(max: number): number[] {
  const rough = Math.max(1, max / STEP_COUNT);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough && Number.isInteger(one * power)) ?? 10);
  return Array.from({ length: Math.max(1, Math.ceil(max / step)) + 1 }, (_, n) => n * step);
}
