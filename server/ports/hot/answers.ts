/** The answer to an idempotency key, stored in the shard of the schedule that it is about. */
export interface KeptAnswer {
  /** The key's digest. */
  name: string;
  /** Null deletes the key. */
  value: string | null;
  ttlMs: number;
}

/**
 * Answers to idempotency keys. A value is `fingerprint|until|body`: `until` is empty once the body is the answer,
 * else epoch ms.
 */
export interface HotAnswers {
  read(input: { shard: number; name: string }): Promise<string | null>;
  /** Claims the key for `lockMs`. Takes over an expired claim with its body; otherwise returns the stored value. */
  begin(input: {
    shard: number;
    name: string;
    fingerprint: string;
    body: string;
    lockMs: number;
    ttlMs: number;
  }): Promise<{ status: "claimed" | "taken_over" | "known"; value: string }>;
  /** Replaces the value of a claim, or deletes it (null). False if another request took it over. */
  end(input: { shard: number; name: string; expected: string; value: string | null; ttlMs: number }): Promise<boolean>;
}
