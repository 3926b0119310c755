import { formatNumber } from "~/components/ui/format";
import type { StatDelta } from "~/components/ui/stat";

/**
 * The change of a count since the period before; undefined if the earlier count is 0. `better` is the direction of an
 * improvement. `period` is the period before in words, such as "the previous 7 d".
 */
export function countDelta(input: {
  now: number;
  before: number;
  better?: "up" | "down";
  period: string;
}): StatDelta | undefined {
  const { now, before, better, period } = input;
  if (before === 0) return undefined;
  if (now === before) return { text: "Unchanged", direction: "flat", than: `from ${period}` };
  const direction = now > before ? "up" : "down";
  return {
    text: amount(Math.abs(now - before), before),
    direction,
    good: better === undefined ? undefined : better === direction,
    than: `than ${period}`,
  };
}

/** A change of a smaller count is shown as a number, because few events make a large percentage. */
const MIN_BASE = 20;
/** From this percentage on, a change is shown as a number. */
const MAX_PERCENT = 1000;

function amount(difference: number, before: number): string {
  const percent = (100 * difference) / before;
  if (before < MIN_BASE || percent >= MAX_PERCENT) return formatNumber(difference);
  return `${formatNumber(percent, percent < 10 ? 1 : 0)}%`;
}
