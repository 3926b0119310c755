import { useId } from "react";

/** Marks drawn over the colour of a bar. */
export const FILL_PATTERNS = ["diagonal", "dots", "horizontal", "reverse", "grid", "vertical"] as const;
export type FillPattern = (typeof FILL_PATTERNS)[number];

interface Filled {
  color: string;
  pattern?: FillPattern;
}

/** Side of a tile of a pattern, px. */
const TILE = 6;
/** The marks of one tile, as a path in the colour of the surface. */
const MARKS: Record<FillPattern, string> = {
  // Diagonals end beyond the edges, so that neighbouring tiles join.
  diagonal: "M-1 1L1 -1M0 6L6 0M5 7L7 5",
  reverse: "M-1 5L1 7M0 0L6 6M5 -1L7 1",
  horizontal: "M0 3H6",
  vertical: "M3 0V6",
  grid: "M0 3H6M3 0V6",
  dots: "M2 3H4M5 0H7M-1 0H1M5 6H7M-1 6H1",
};

/** An SVG fill: the colour, with the marks of the pattern over it. Refer to it by `url(#id)`. */
export function FillDefinition({ id, color, pattern }: Filled & { id: string }) {
  return (
    <pattern id={id} width={TILE} height={TILE} patternUnits="userSpaceOnUse">
      <rect width={TILE} height={TILE} fill={color} />
      {pattern ? (
        <path d={MARKS[pattern]} stroke="var(--surface)" strokeWidth={pattern === "dots" ? 2 : 1.5} fill="none" />
      ) : null}
    </pattern>
  );
}

/** The square of a legend or tooltip, filled like the bars of its series. */
export function Swatch({ color, pattern }: Filled) {
  const id = useId();
  return (
    <svg aria-hidden width={12} height={12} className="shrink-0 rounded-[3px]">
      <defs>
        <FillDefinition id={id} color={color} pattern={pattern} />
      </defs>
      <rect width={12} height={12} fill={`url(#${id})`} />
    </svg>
  );
}
