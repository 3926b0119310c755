/**
 * The Redis keys of access. One hash tag holds them together, so that a user and its e-mail change in one transaction
 * on a cluster too.
 */
export interface AccessKeys {
  users: string;
  /** Lower-case e-mail → user id: what keeps an e-mail unique. */
  emails: string;
  apiKeys: string;
  /** SHA-256 of a key → its id. */
  apiKeyHashes: string;
  /** Key id → when it was last used, epoch ms. Not worth the durable store. */
  apiKeyUses: string;
  /** Held while the first account is made. */
  setupLock: string;
  session(tokenHash: string): string;
  /** zset: token hash → end of the session, epoch ms. */
  sessionsOf(userId: string): string;
  limit: string;
}

export function accessKeys(prefix: string): AccessKeys {
  const base = `${prefix}{access}:`;
  return {
    users: `${base}users`,
    emails: `${base}emails`,
    apiKeys: `${base}keys`,
    apiKeyHashes: `${base}key-hashes`,
    apiKeyUses: `${base}key-uses`,
    setupLock: `${base}setup`,
    session: (tokenHash) => `${base}session:${tokenHash}`,
    sessionsOf: (userId) => `${base}sessions:${userId}`,
    limit: `${base}limit`,
  };
}
