/** A lock that its holder renews. It spares work; correctness never depends on it. */
export interface Lock {
  /** Takes or renews the lock for `ttlMs`; true if this holder has it. Throws if Redis does not answer. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

/** Opens a lock by name. Each opened lock is a holder of its own, even within one process. */
export type Locks = (name: string, ttlMs: number) => Lock;
