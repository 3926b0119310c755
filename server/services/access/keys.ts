/**
 * The keys of what access has in Redis alone. One hash tag holds them together, so that a session and its index change
 * in one transaction.
 */
export interface AccessKeys {
  /** Key id → when it was last used, epoch ms. Not worth the durable store. */
  apiKeyUses: string;
  /** Held while the first account is made. */
  setupLock: string;
  session(tokenHash: string): string;
  /** zset: token hash → end of the session, epoch ms. */
  sessionsOf(userId: string): string;
  /** set: users who have signed in with this browser. */
  device(tokenHash: string): string;
  limit: string;
}

export function accessKeys(prefix: string): AccessKeys {
  const base = `${prefix}{access}:`;
  return {
    apiKeyUses: `${base}key-uses`,
    setupLock: `${base}setup`,
    session: (tokenHash) => `${base}session:${tokenHash}`,
    sessionsOf: (userId) => `${base}sessions:${userId}`,
    device: (tokenHash) => `${base}device:${tokenHash}`,
    limit: `${base}limit`,
  };
}
