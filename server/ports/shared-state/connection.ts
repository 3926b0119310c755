export interface Connection {
  /** Throws if Redis does not answer. */
  ping(): Promise<void>;
  /**
   * Calls `listener` each time a connection is established; in a cluster, also for each node that is added. Returns a
   * function that unsubscribes.
   */
  onConnected(listener: () => void): () => void;
}
