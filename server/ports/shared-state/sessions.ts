/** Sessions as JSON, each under the hash of its token. */
export interface Sessions {
  open(session: { tokenHash: string; userId: string; json: string; nowMs: number; expiresAt: number }): Promise<void>;
  /** Null where it has ended, or was never there. */
  read(tokenHash: string): Promise<string | null>;
  /** Replaces a session that is still open: one that was ended a moment ago does not come back. */
  replace(tokenHash: string, json: string, ttlMs: number): Promise<void>;
  ofUser(userId: string): Promise<{ tokenHash: string; json: string }[]>;
  end(userId: string, tokenHashes: readonly string[]): Promise<void>;
}
