import { formatNumber } from "~/components/ui/format";
import type { StatDelta } from "~/components/ui/stat";

const THAN = "than in the 24 h before";

/**
 * How a count stands against the period before; undefined where there was nothing to compare with. `better` says which
 * direction is good news, if any is.
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

/** A share while it says something; past tenfold, and where the base is small, the difference itself. */
function amount(difference: number, before: number): string {
  const share = (100 * difference) / before;
  if (before < 20 || share >= 1000) return formatNumber(difference);
  return `${formatNumber(share, share < 10 ? 1 : 0)}%`;
}
