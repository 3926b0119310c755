import type { Bench } from "./bench";
import type { Growth } from "./growth-svg";

/** What a row came to. `peer` is null where the reach is an absolute figure. */
export interface Measured {
  ours: number;
  peer: number | null;
  /** What is compared with the reach: ours by peer, unless the row says otherwise. */
  ratio: number | null;
  reached: boolean;
  runs: { ours: number[]; peer: number[] };
  /** What else was measured on the way. */
  notes?: string[];
}

/** One row of the table. Sides are run in turn, several times; the medians count. */
export interface Row {
  id: number;
  name: string;
  unit: string;
  /** The peer's name; null without one. */
  peer: string | null;
  reach: string;
  measure(bench: Bench): Promise<Measured>;
  /** The figure over four sizes, powers of ten; of the rows whose growth is drawn. */
  grow?(bench: Bench): Promise<Growth>;
}
