/** A pause of all firing, as far as claims need it. */
export interface FiringPause {
  /** When it ends by itself, epoch ms; null for no end. */
  untilMs: number | null;
}

/** The pause of all firing. Each shard has a flag, which claims check in their own call. */
export interface HotPause {
  /** Sets the pause on every shard, or with null removes it and wakes the executors. */
  setPause(pause: FiringPause | null): Promise<void>;
  /** The flag of each shard; null for none. A pause whose end has passed may still have its flag. */
  pauses(): Promise<(FiringPause | null)[]>;
}
