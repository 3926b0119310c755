/** A lock that its holder renews. It avoids duplicate work; correctness never depends on it. */
export interface Lock {
  /** Takes or renews the lock for `ttlMs`. Returns whether this holder has it. Throws if Redis does not answer. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

/** Returns a new holder of the lock `name`. Two holders exclude each other, even within one process. */
export type Locks = (name: string, ttlMs: number) => Lock;
