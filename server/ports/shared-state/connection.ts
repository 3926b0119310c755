/** The connection to Redis. */
export interface Connection {
  /** Throws if Redis does not answer. */
  ping(): Promise<void>;
  /** Calls `listener` after each new connection, in a cluster to each further node. Returns how to unsubscribe. */
  onConnected(listener: () => void): () => void;
}
