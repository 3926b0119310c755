import { formatNumber } from "~/components/ui/format";
import type { StatDelta } from "~/components/ui/stat";

const THAN = "than in the 24 h before";

/**
 * The change of a count against the period before; undefined if there is nothing to compare. `better` is the direction
 * that is an improvement, if any.
 */
export function countDelta(input: { now: number; before: number; better?: "up" | "down" }): StatDelta | undefined {
  const { now, before, better } = input;
  if (before === 0) return undefined;
  if (now === before) return { text: "Unchanged", direction: "flat", than: "against the 24 h before" };
  const direction = now > before ? "up" : "down";
  return {
    text: amount(Math.abs(now - before), before),
    direction,
    good: better === undefined ? undefined : better === direction,
    than: THAN,
  };
}

/** A percentage; the absolute difference if it grew more than tenfold or the base is small. */
function amount(difference: number, before: number): string {
  const share = (100 * difference) / before;
  if (before < 20 || share >= 1000) return formatNumber(difference);
  return `${formatNumber(share, share < 10 ? 1 : 0)}%`;
}
