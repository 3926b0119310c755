/** Sessions as JSON, each under the hash of its token. */
export interface Sessions {
  open(session: { tokenHash: string; userId: string; json: string; nowMs: number; expiresAt: number }): Promise<void>;
  /** Null if the session has ended or never existed. */
  read(tokenHash: string): Promise<string | null>;
  /** Replaces an open session; does nothing if the session has ended. */
  replace(tokenHash: string, json: string, ttlMs: number): Promise<void>;
  ofUser(userId: string): Promise<{ tokenHash: string; json: string }[]>;
  end(userId: string, tokenHashes: readonly string[]): Promise<void>;
}
