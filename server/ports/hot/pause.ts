export interface FiringPause {
  /** When it ends by itself, epoch ms; null for no end. */
  untilMs: number | null;
}

/** The pause of all firing. Claims read it in their shard. */
export interface HotPause {
  /** Sets the pause in every shard, or with null removes it and wakes the executors. */
  setPause(pause: FiringPause | null): Promise<void>;
  /** The stored pause of each shard; null for none. The end of a stored pause may have passed. */
  pauses(): Promise<(FiringPause | null)[]>;
}
