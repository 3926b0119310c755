import { OUTCOME_COLORS, OUTCOME_LABELS, OUTCOME_ORDER, type ShownOutcome } from "~/components/ui/outcome";

export interface Series<Key extends string = string> {
  key: Key;
  label: string;
  /** A CSS colour. */
  color: string;
  /** Stroke width of a line, px. */
  width?: number;
}

/** All outcomes in display order. */
export const OUTCOME_SERIES: readonly Series<ShownOutcome>[] = OUTCOME_ORDER.map((key) => ({
  key,
  label: OUTCOME_LABELS[key],
  color: OUTCOME_COLORS[key],
}));

/** Lines that differ in lightness and width, not only in hue. */
export const PERCENTILE_SERIES: readonly Series<"p50" | "p95" | "p99">[] = [
  { key: "p50", label: "p50", color: "var(--outcome-pending)", width: 1.5 },
  { key: "p95", label: "p95", color: "var(--accent)", width: 2.25 },
  { key: "p99", label: "p99", color: "var(--outcome-cancelled)", width: 1.25 },
];
