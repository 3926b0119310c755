import { OUTCOME_COLORS, OUTCOME_LABELS, type ShownOutcome } from "~/components/ui/outcome";
import type { FillPattern } from "./pattern";

export interface Series<Key extends string = string> {
  key: Key;
  label: string;
  /** A CSS colour. */
  color: string;
  /** Drawn over the colour of a bar, so that bars differ without colour. */
  pattern?: FillPattern;
  /** Stroke width of a line, px. */
  width?: number;
  /** Dashes of a line, as for `stroke-dasharray`. */
  dash?: string;
}

/** The patterns of bars. Only `succeeded`, the most frequent outcome, is plain. */
export const OUTCOME_PATTERNS = {
  succeeded: undefined,
  late: "diagonal",
  retrying: "vertical",
  skipped: "dots",
  expired: "reverse",
  dead: "horizontal",
  cancelled: "grid",
} as const satisfies Partial<Record<ShownOutcome, FillPattern | undefined>>;

type PatternedOutcome = keyof typeof OUTCOME_PATTERNS;

/** The series of bars for the outcomes, from the axis up. */
export const seriesOfOutcomes = <Key extends PatternedOutcome>(outcomes: readonly Key[]): Series<Key>[] =>
  outcomes.map((key) => ({
    key,
    label: OUTCOME_LABELS[key],
    color: OUTCOME_COLORS[key],
    pattern: OUTCOME_PATTERNS[key],
  }));

/** Lines that differ in width and dashes, not only in colour. */
export const PERCENTILE_SERIES: readonly Series<"p50" | "p95" | "p99">[] = [
  { key: "p50", label: "p50", color: "var(--outcome-pending)", width: 1.5 },
  { key: "p95", label: "p95", color: "var(--accent)", width: 2.25 },
  { key: "p99", label: "p99", color: "var(--outcome-cancelled)", width: 1.5, dash: "4 2" },
];
