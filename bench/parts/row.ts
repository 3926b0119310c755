import type { Bench } from "./bench";
import type { Growth } from "./growth-svg";

/** The result of a row. `peer` is null if the target is an absolute figure. */
export interface Measured {
  ours: number;
  peer: number | null;
  /** The value that is compared with the target: ours divided by peer. Null without a peer. */
  ratio: number | null;
  /** Whether all targets of the row are met. */
  met: boolean;
  /** The figure of each run. */
  runs: { ours: number[]; peer: number[] };
  /** Further measurements. */
  notes?: string[];
}

/** One row of the table. The product and the peer run alternately, several times; the medians count. */
export interface Row {
  id: number;
  name: string;
  unit: string;
  /** The peer's name; null without one. */
  peer: string | null;
  target: string;
  measure(bench: Bench): Promise<Measured>;
  /** Measures the figure at four sizes, powers of ten, for the growth plots. */
  grow?(bench: Bench): Promise<Growth>;
}
