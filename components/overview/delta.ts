import { formatNumber } from "~/components/ui/format";
import type { StatDelta } from "~/components/ui/stat";

/**
 * The change of a count against the period before; undefined if there is nothing to compare. `better` is the direction
 * that is an improvement, if any; `period` names the period before: "the 7 d before".
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
    than: `than in ${period}`,
  };
}

/** A change of a smaller count is shown as a number, because few events make a large percentage. */
const MIN_BASE = 20;
/** A change from this percentage on is shown as a number, which is easier to read. */
const MAX_PERCENT = 1000;

/** The change as a percentage, or as a number if `before` is small or the percentage is very large. */
function amount(difference: number, before: number): string {
  const percent = (100 * difference) / before;
  if (before < MIN_BASE || percent >= MAX_PERCENT) return formatNumber(difference);
  return `${formatNumber(percent, percent < 10 ? 1 : 0)}%`;
}
