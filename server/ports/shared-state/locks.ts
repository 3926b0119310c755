/** A lock that its holder keeps by asking again. It spares work; nothing's correctness depends on it. */
export interface Lock {
  /**
   * True while it is ours: taken now, or kept for another `ttlMs`. Throws when Redis does not answer: no lock is not
   * our lock.
   */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

/** Opens the lock of a name. Each one that is opened is a holder of its own, also within one process. */
export type Locks = (name: string, ttlMs: number) => Lock;
