/** The clock of an installation that was started with `--virtual-clock`. It is never behind the time of Redis. */
export interface VirtualClock {
  /** Moves the clock to a later time, epoch ms. Returns false, and does nothing, while an occurrence is leased. */
  moveTo(ms: number): Promise<boolean>;
  /** The time to which a worker is moving the clock, epoch ms; null if the clock is not moving. */
  target(): Promise<number | null>;
  setTarget(ms: number | null): Promise<void>;
}
