/** The connection to Redis itself. */
export interface Connection {
  /** Throws when Redis does not answer. */
  ping(): Promise<void>;
  /** Calls `listener` after each new connection, in a cluster also to a further node. Answers how to end that. */
  onConnected(listener: () => void): () => void;
}
