import type { Bench } from "./bench";
import type { Growth } from "./growth-svg";

/** The result of a row. */
export interface Measured {
  ours: number;
  /** Null if the row has no peer. */
  peer: number | null;
  /** Ours divided by peer, to be compared with the target. Null without a peer. */
  ratio: number | null;
  /** Whether all targets of the row are met. */
  met: boolean;
  /** The figure of each run, or the time of each query if the figure is a percentile of them. */
  runs: { ours: number[]; peer: number[] };
  /** Further measurements. */
  notes?: string[];
}

/** One row of the table. */
export interface Row {
  id: number;
  name: string;
  unit: string;
  /** The peer's name; null without one. */
  peer: string | null;
  target: string;
  measure(bench: Bench): Promise<Measured>;
  /** Measures the figure at several sizes for a growth plot. */
  grow?(bench: Bench): Promise<Growth>;
}
