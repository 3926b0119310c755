/**
 * The answer to an idempotency key, or the mark of a step that must be done once (bulk runs, replays and restored
 * occurrences), stored in the shard of its schedule with the change.
 */
export interface KeptAnswer {
  name: string;
  /** Null deletes the key. */
  value: string | null;
  ttlMs: number;
}

/**
 * Answers to idempotency keys. The same keys hold the marks of steps that must be done once, which have other values.
 * A value is `fingerprint|until|body`. While a request is in progress, `until` is the end
 * of its claim, epoch ms, and `body` has the data for a request that takes over. Later `until` is empty and `body` is
 * the final answer.
 */
export interface HotAnswers {
  read(input: { shard: number; name: string }): Promise<string | null>;
  /**
   * Claims the key for `lockMs`. An expired claim with the same fingerprint is taken over and keeps its stored body;
   * the given `body` is ignored. Returns the stored value if the key has a live claim, a final answer or another
   * fingerprint.
   */
  begin(input: {
    shard: number;
    name: string;
    fingerprint: string;
    body: string;
    lockMs: number;
    ttlMs: number;
  }): Promise<{ status: "claimed" | "taken_over" | "known"; value: string }>;
  /** Replaces the value of a claim, or deletes the key (null). False if the value is not `expected`. */
  end(input: { shard: number; name: string; expected: string; value: string | null; ttlMs: number }): Promise<boolean>;
}
