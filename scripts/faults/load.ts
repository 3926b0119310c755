/** The load of a run. It tells the oracle which schedules, runs and messages it requested. */
export interface Load {
  readonly calls: number;
  readonly failedCalls: number;
  start(): Promise<void>;
  /** Stops the load. Returns the time up to which occurrences are expected, epoch ms. */
  end(): Promise<number>;
  /** Reads the state of these schedules again, after a wipe of Redis may have undone their last change. */
  refresh(ids: readonly string[]): void;
}
